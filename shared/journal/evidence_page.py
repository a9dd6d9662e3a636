"""The page in an evidence bundle: what it proves, what it does not, and how to see for oneself."""

import html
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from shared.journal.evidence import Bundle, ProvedEntry

_HERE = ZoneInfo("Asia/Shanghai")
_OUTCOMES = {"met": "符合", "breached": "不符合", "warning": "提示", "not_applicable": "不适用"}
_STYLE = """
:root { color-scheme: light; }
body { font: 16px/1.7 "Noto Serif CJK SC", "Source Han Serif SC", "Songti SC", SimSun, serif;
       max-width: 60rem; margin: 2rem auto; padding: 0 1.5rem; color: #1c1c1c; }
h1 { font-size: 1.7rem; border-bottom: 3px double #8b1a1a; padding-bottom: .5rem; }
h2 { font-size: 1.2rem; margin-top: 2.2rem; }
small, .en { color: #5a5a5a; font-size: .86rem; font-family: Georgia, "Times New Roman", serif; }
.en { display: block; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
th, td { border: 1px solid #c9c2b6; padding: .45rem .6rem; text-align: left; vertical-align: top; }
th { background: #f5f1ea; white-space: nowrap; }
code, pre { font: .84rem/1.5 "Noto Sans Mono CJK SC", Consolas, "DejaVu Sans Mono", monospace; }
pre { background: #f7f5f1; border: 1px solid #e0dace; padding: .8rem; overflow-x: auto;
      white-space: pre-wrap; overflow-wrap: anywhere; }
td code { overflow-wrap: anywhere; }
ul { padding-left: 1.3rem; }
.findings { margin: .2rem 0 0; padding-left: 1.1rem; }
"""


def page_of(bundle: Bundle) -> str:
    checkpoint = bundle.checkpoint
    keys = "".join(
        f"<tr><td><code>{_told(key.name)}</code><td><code>{_told(key.fingerprint)}</code>"
        for key in bundle.keys
    )
    rows = "".join(_row(entry) for entry in bundle.entries)
    return f"""<!doctype html>
<html lang="zh">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>证据包 · {_told(bundle.subject)}</title>
<style>{_STYLE}</style>
<h1>证据包 <small>Evidence bundle</small></h1>
<table>
<tr><th>对象<td><code>{_told(bundle.subject)}</code>
<tr><th>日志<td><code>{_told(checkpoint.origin)}</code>
<tr><th>检查点<td>共 {checkpoint.size} 条记录，树根 <code>{checkpoint.root.hex()}</code>
<tr><th>本包记录<td>{len(bundle.entries)} 条
</table>

<h2>证明什么</h2>
<ul>
<li>下列每一条记录，在上述检查点签名之时，已位于该日志的所列位置；自那时起一个字都没有改动过。
<li>记录的先后顺序即其位置的顺序；检查点一经他人留存，任何人（包括系统管理员）都不能在其中增、删、改、换而不被发现。
<li>附有“详情”的记录，其事实、裁量依据和结论就是当时写入的内容。
</ul>
<p class="en">Each entry below stood at its position when the checkpoint was signed, and not one character was
changed since. Once somebody else has kept the checkpoint, nobody can add, remove, change or exchange entries unseen.</p>

<h2>不证明什么</h2>
<ul>
<li>不证明当事人申报的内容本身属实；只证明系统在何时记录了什么、依据什么作出结论。
<li>不证明该对象没有其他记录：依法不公开的记录不在公开证据包内。
<li>本页文字和 <code>keys.txt</code> 中的密钥不能自证可信：请以其他途径取得的密钥指纹和他人留存的检查点为准。
</ul>
<p class="en">It does not prove that what was filed is true, nor that there are no further, restricted entries. Whom
to trust is not learnt from this bundle: compare the fingerprints with what you got by another way.</p>

<h2>记录</h2>
<table>
<tr><th>位置<th>时间（北京）<th>事项<th>版本<th>结论与依据
{rows}
</table>

<h2>签名密钥指纹（SHA-256）</h2>
<table><tr><th>名称<th>指纹{keys}</table>

<h2>如何核验</h2>
<p>在任何装有惠社程序的计算机上离线执行，无须连接本系统：</p>
<pre>python -m shared.journal check 证据包.zip --trust 密钥.txt --checkpoint 留存的检查点.txt</pre>
<p>算法公开：叶子与节点按 RFC 6962 以 SHA-256 计算，检查点为 C2SP tlog-checkpoint，签名为 Ed25519；也可用其他工具核验。</p>
<pre>{_told(str(bundle.note))}</pre>
</html>
"""


def _row(entry: ProvedEntry) -> str:
    event = entry.event
    at = datetime.fromisoformat(event["time"]).astimezone(_HERE)
    return (
        f"<tr><td>{entry.position}<td>{at:%Y-%m-%d %H:%M:%S}"
        f"<td><code>{_told(event['type'])}</code><td>{event['subjectversion'] or ''}"
        f"<td>{_reasons(entry)}\n"
    )


def _reasons(entry: ProvedEntry) -> str:
    if entry.detail is None:
        return "<small>详情未附（不公开或已依法删除）</small>"
    verdict = orjson.loads(entry.detail).get("verdict")
    if not verdict:
        return "<small>无须裁量的记录；详情见 entries.jsonl</small>"
    findings = "".join(f"<li>{_finding(finding)}" for finding in verdict["findings"])
    return f"依 {_told(verdict['on'])} 有效的规则：<ul class='findings'>{findings}</ul>"


def _finding(finding: dict[str, Any]) -> str:
    outcome = _OUTCOMES.get(finding["outcome"], finding["outcome"])
    clause = f"{finding['clause']['source']} {finding['clause']['number']}"
    return f"{_told(clause)}：<b>{_told(outcome)}</b>，{_told(finding['reason']['zh'])}"


def _told(text: Any) -> str:
    return html.escape(str(text))
