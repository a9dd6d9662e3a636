"""The commands. Each says in one line what it did; a refusal says what is wrong and exits with 1."""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console

from shared.bidkit import bidding, checking, keeping
from shared.bidkit.folders import BidderFolder, BidFolder, CustodianFolder, read, write_new
from shared.bidkit.suite import Refused, Suite, Unreachable
from shared.sealing.errors import Malformed, Reason, SealingError
from shared.sealing.forms import IdentityLetter, PriceForm, fen
from shared.sealing.policies import SealPolicy
from shared.sealing.receipts import Receipt
from shared.sealing.signing import VerifyingKey

# Plain help: the rich one costs a quarter of a second at each start.
app = typer.Typer(
    no_args_is_help=True,
    help=__doc__,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
custodian = typer.Typer(no_args_is_help=True, help="保管人: hold shares of sealed bids")
bidder = typer.Typer(no_args_is_help=True, help="投标人: keys of a bidder")
receipt = typer.Typer(no_args_is_help=True, help="回执: check and complete a receipt")
bundle = typer.Typer(no_args_is_help=True, help="档案包: an opening's export bundle")
app.add_typer(custodian, name="custodian")
app.add_typer(bidder, name="bidder")
app.add_typer(receipt, name="receipt")
app.add_typer(bundle, name="bundle")
console = Console(highlight=False, soft_wrap=True)

Folder = Annotated[Path, typer.Argument(help="The folder that everything is kept in")]
Gateway = Annotated[str, typer.Option(envvar="BIDKIT_GATEWAY", help="Address of the suite's door")]
Client = Annotated[str, typer.Option(envvar="BIDKIT_CLIENT", help="The client id")]
SecretFile = Annotated[
    Path | None, typer.Option(help="File with the client's secret; else BIDKIT_CLIENT_SECRET")
]
PassphraseFile = Annotated[
    Path | None, typer.Option(help="File with the passphrase; else BIDKIT_PASSPHRASE, else asked")
]
Trust = Annotated[
    Path, typer.Option(help="File with the public receipt key, got by another way than the answers")
]
MaybeTrust = Annotated[Path | None, typer.Option(help="The same, to check the receipt at once")]
Tender = Annotated[UUID, typer.Option(help="The tender's id")]
PolicyHash = Annotated[
    str | None, typer.Option(help="The policy's hash as the notice prints it, in hexadecimal")
]
Name = Annotated[str, typer.Option(help="The organisation's name")]


# ------------------------------------------------------------------ custodians


@custodian.command("init")
def custodian_init(folder: Folder, name: Name, passphrase_file: PassphraseFile = None) -> None:
    """Make a custodian's keys on this machine. 生成保管人密钥"""
    passphrase = _passphrase(passphrase_file, confirm=True)
    card = keeping.init_custodian(CustodianFolder(folder), name, passphrase)
    _tell(f"保管人密钥已生成 custodian {card.key_id}")


@custodian.command("register")
def custodian_register(
    folder: Folder,
    organ: Annotated[str, typer.Option(help="purchaser, finance, supervision, notary or platform")],
    gateway: Gateway,
    client: Client,
    secret_file: SecretFile = None,
) -> None:
    """Register the public keys. 登记保管人公钥"""
    with Suite(gateway, client, _secret(secret_file)) as suite:
        _tell(f"已登记 registered {keeping.register(suite, CustodianFolder(folder), organ)}")


@custodian.command("release")
def custodian_release(
    folder: Folder,
    tender: Tender,
    trust: Trust,
    gateway: Gateway,
    client: Client,
    secret_file: SecretFile = None,
    passphrase_file: PassphraseFile = None,
    policy_hash: PolicyHash = None,
    sandbox_clock: Annotated[
        bool, typer.Option(help="Take the time from the sandbox instead of this machine")
    ] = False,
) -> None:
    """Check the opening, and release this custodian's shares to its session. 释放分片"""
    trusted = bidding.read_trusted(trust)
    with Suite(gateway, client, _secret(secret_file)) as suite:
        now = suite.sandbox_now() if sandbox_clock else datetime.now(UTC)
        released = keeping.release(
            suite,
            CustodianFolder(folder),
            tender,
            _passphrase(passphrase_file),
            trusted,
            now=now,
            policy_hash=policy_hash,
        )
    faults = sum(share.fault is not None for share in released.shares)
    _tell(f"已释放 released {len(released.shares)} shares to session {released.session}")
    if faults:
        _tell(f"其中 {faults} 份无法打开 {faults} of them did not open, and say so")


# ------------------------------------------------------------------ bidders


@bidder.command("init")
def bidder_init(folder: Folder, name: Name, passphrase_file: PassphraseFile = None) -> None:
    """Make a bidder's signing key on this machine. 生成投标签名密钥"""
    passphrase = _passphrase(passphrase_file, confirm=True)
    key = bidding.init_bidder(BidderFolder(folder), name, passphrase)
    _tell(f"签名密钥已生成 signing key {key.id}")


@bidder.command("register")
def bidder_register(
    folder: Folder, gateway: Gateway, client: Client, secret_file: SecretFile = None
) -> None:
    """Register the public signing key. 登记签名公钥"""
    key = BidderFolder(folder).public()
    body = {
        "format": "huishe-public-key/1",
        "suite": key.suite.id,
        "key_id": key.id,
        "public_key": key.public.hex(),
    }
    with Suite(gateway, client, _secret(secret_file)) as suite:
        _tell(f"已登记 registered {suite.post('/procurement/v1/signing-keys', body)['id']}")


@bidder.command("release")
def bidder_release(
    folder: Folder,
    trust: Trust,
    gateway: Gateway,
    client: Client,
    secret_file: SecretFile = None,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Release the kept key of one's own bid to the opening session. 投标人解密"""
    with Suite(gateway, client, _secret(secret_file)) as suite:
        session = bidding.release_kept_root(
            suite,
            BidFolder(folder),
            _passphrase(passphrase_file),
            bidding.read_trusted(trust),
        )
    _tell(f"已释放 released to session {session}")


@app.command("policy")
def policy_fetch(
    out: Annotated[Path, typer.Argument(help="Where to write the policy")],
    tender: Tender,
    gateway: Gateway,
    policy_hash: PolicyHash = None,
) -> None:
    """Fetch a tender's seal policy. 获取封存规则"""
    with Suite(gateway) as suite:
        policy = bidding.fetch_policy(suite, tender, policy_hash)
    write_new(out, policy.encode())
    _tell(f"封存规则 policy {policy.hash.hex()} ({policy.profile}), 截止 {policy.deadline}")


@app.command("seal")
def seal(
    folder: Annotated[Path, typer.Argument(help="The bidder's folder, from bidder init")],
    out: Annotated[Path, typer.Argument(help="The new folder for the sealed bid")],
    policy: Annotated[Path, typer.Option(help="The tender's seal policy, from bidkit policy")],
    credit_code: Annotated[str, typer.Option(help="统一社会信用代码")],
    name: Name,
    price: Annotated[str, typer.Option(help="报价, yuan with two places")],
    personnel: Annotated[str, typer.Option(help="其中人员费用, yuan with two places")],
    technical: Annotated[Path, typer.Option(help="技术文件, any file")],
    signatory: Annotated[str, typer.Option(help="签署人")],
    contact: Annotated[str, typer.Option(help="联系方式")],
    passphrase_file: PassphraseFile = None,
    keep_root: Annotated[
        bool, typer.Option(help="Keep the bid's key under the passphrase; withdrawing needs it")
    ] = True,
    policy_hash: PolicyHash = None,
) -> None:
    """Seal a bid, offline. 封存投标文件（离线）"""
    found = SealPolicy.parse(read(policy))
    if policy_hash not in (None, found.hash.hex()):
        raise Malformed(Reason.OTHER_POLICY, str(policy), "not the one that the notice prints")
    manifest = bidding.seal(
        BidderFolder(folder),
        BidFolder(out),
        found,
        PriceForm(credit_code, name, _yuan(price, "--price"), _yuan(personnel, "--personnel")),
        IdentityLetter(credit_code, name, signatory, contact),
        read(technical),
        _passphrase(passphrase_file),
        keep_root=keep_root,
    )
    _tell(f"已封存 sealed {manifest.nonce.hex()}, manifest {manifest.hash.hex()}")


@app.command("submit")
def submit(
    folder: Annotated[Path, typer.Argument(help="The folder of the sealed bid")],
    gateway: Gateway,
    client: Client,
    secret_file: SecretFile = None,
    trust: MaybeTrust = None,
) -> None:
    """Upload the parts and commit; run it again after a cut. 上传并递交"""
    trusted = _trusted(trust)
    with Suite(gateway, client, _secret(secret_file)) as suite:
        given = bidding.submit(suite, BidFolder(folder), trusted, _tell)
    _tell_receipt(given, checked=trusted is not None)


@app.command("withdraw")
def withdraw(
    folder: Annotated[Path, typer.Argument(help="The folder of the sealed bid")],
    gateway: Gateway,
    client: Client,
    secret_file: SecretFile = None,
    passphrase_file: PassphraseFile = None,
    trust: MaybeTrust = None,
) -> None:
    """Take a bid back before the deadline. 撤回投标"""
    trusted = _trusted(trust)
    with Suite(gateway, client, _secret(secret_file)) as suite:
        passphrase = _passphrase(passphrase_file)
        given = bidding.withdraw(suite, BidFolder(folder), passphrase, trusted)
    _tell_receipt(given, checked=trusted is not None)


# ------------------------------------------------------------------ checking


@receipt.command("verify")
def receipt_verify(
    file: Annotated[Path, typer.Argument(help="The receipt")],
    trust: Trust,
    proof: Annotated[
        Path | None, typer.Option(help="Its proof, from bidkit receipt complete")
    ] = None,
) -> None:
    """Check a receipt offline, with one public key. 离线核验回执"""
    trusted = bidding.read_trusted(trust)
    found = Receipt.parse(read(file))
    found.verify(trusted)
    if proof is not None:
        closing = bidding.check_proof(found, read(proof), trusted)
        _tell(f"在公布的根之下 under the root {closing.root.hex()}")
    _tell_receipt(found, checked=True)


@receipt.command("complete")
def receipt_complete(
    folder: Annotated[Path, typer.Argument(help="The folder of the sealed bid")],
    gateway: Gateway,
    trust: Trust,
) -> None:
    """After the deadline: prove that the bid is under the published root. 补全回执"""
    with Suite(gateway) as suite:
        closing = bidding.complete(suite, BidFolder(folder), bidding.read_trusted(trust))
    _tell(f"已计入 counted, under the root {closing.root.hex()}")


@bundle.command("fetch")
def bundle_fetch(
    out: Annotated[Path, typer.Argument(help="The new folder for the bundle")],
    tender: Tender,
    gateway: Gateway,
) -> None:
    """Download an opening's bundle. 下载开标档案包"""
    with Suite(gateway) as suite:
        _tell(f"{checking.fetch_bundle(suite, tender, out)} files")


@app.command("verify")
def verify(
    bundle_path: Annotated[Path, typer.Argument(metavar="BUNDLE", help="A folder or an archive")],
    trust: Trust,
) -> None:
    """Check an opening from its bundle, offline. 离线核验开标"""
    verified = checking.check_bundle(bundle_path, bidding.read_trusted(trust))
    for line in verified.checked:
        _tell(f"  {line}")
    _tell("核验通过 the bundle is in order")


# ------------------------------------------------------------------


def _yuan(text: str, option: str) -> int:
    whole, point, cents = text.partition(".")
    if not (point and whole.isascii() and whole.isdigit() and cents.isascii() and cents.isdigit()):
        raise Malformed(Reason.FORM, option, "yuan with two places, such as 98000.00")
    if len(cents) != 2 or len(whole) > 12:
        raise Malformed(Reason.FORM, option, "yuan with two places, such as 98000.00")
    return fen(text)


def _trusted(path: Path | None) -> VerifyingKey | None:
    return bidding.read_trusted(path) if path is not None else None


def _secret(path: Path | None) -> str:
    return _line("BIDKIT_CLIENT_SECRET", path, "client secret")


def _passphrase(path: Path | None, *, confirm: bool = False) -> str:
    return _line("BIDKIT_PASSPHRASE", path, "passphrase", confirm=confirm)


def _line(variable: str, path: Path | None, prompt: str, *, confirm: bool = False) -> str:
    """From a file, else from the environment, else from the person; never from the command line."""
    if path is not None:
        try:
            return read(path).decode().rstrip("\r\n")
        except UnicodeDecodeError as error:
            raise Malformed(Reason.UNREADABLE, str(path), "not UTF-8") from error
    if variable in os.environ:
        return os.environ[variable]
    return str(typer.prompt(prompt, hide_input=True, confirmation_prompt=confirm))


def _tell(text: str) -> None:
    console.print(text, markup=False)


def _tell_receipt(found: Receipt, *, checked: bool) -> None:
    what = "投标" if found.kind == "bid" else "撤回"
    _tell(f"{what}回执 receipt: {found.manifest_hash.hex()}")
    _tell(f"  收到 received {found.received_at.isoformat()}, key {found.key_id}")
    if checked:
        _tell("  签名有效 the signature holds")


def main() -> None:
    """Refusals are told on stderr, without a traceback."""
    try:
        app(standalone_mode=True)
    except SealingError as error:
        _complain(f"拒绝 refused: {error}")
    except Refused as refused:
        _complain(f"被拒绝 the suite refused: {refused.told}")
    except Unreachable as problem:
        _complain(f"无法连接 the suite does not answer, try again: {problem}")


def _complain(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.exit(1)
