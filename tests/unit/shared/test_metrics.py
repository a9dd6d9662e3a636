from shared.metrics import make_metrics


def value(metrics, name, **labels):
    return metrics.registry.get_sample_value(name, labels)


def test_answers_are_counted_by_operation_and_class_of_status():
    metrics = make_metrics("registry", ["read_agency"])

    metrics.answered("read_agency", 200, 0.004)
    metrics.answered("read_agency", 204, 0.004)
    metrics.answered("read_agency", 409, 0.2)

    assert value(metrics, "huishe_answers_total", operation="read_agency", status="2xx") == 2
    assert value(metrics, "huishe_answers_total", operation="read_agency", status="4xx") == 1
    assert value(metrics, "huishe_answer_seconds_count", operation="read_agency") == 3
    assert value(metrics, "huishe_answer_seconds_bucket", operation="read_agency", le="0.005") == 2


def test_no_caller_can_grow_the_number_of_series():
    metrics = make_metrics("registry", ["read_agency"])
    before = len(list(metrics.exposition().splitlines()))

    for n in range(1000):
        metrics.answered(f"/made/up/{n}", 200 + n % 400, 0.001)
    metrics.answered(None, 999, 0.001)

    assert len(list(metrics.exposition().splitlines())) == before
    assert value(metrics, "huishe_answer_seconds_count", operation="other") == 1001


def test_each_process_counts_for_itself():
    parent, child = make_metrics("registry"), make_metrics("registry")

    child.answered(None, 200, 0.001)

    assert value(parent, "huishe_answer_seconds_count", operation="other") == 0
    assert value(child, "huishe_answer_seconds_count", operation="other") == 1


def test_operations_learnt_later_are_counted_from_then_on():
    metrics = make_metrics("registry")
    metrics.know(["read_agency"])

    metrics.answered("read_agency", 200, 0.001)

    assert value(metrics, "huishe_answers_total", operation="read_agency", status="2xx") == 1
    assert b'huishe_service_info{service="registry"} 1.0' in metrics.exposition()
