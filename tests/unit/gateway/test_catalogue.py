"""Many contracts as one document."""

import json

from gateway.catalogue import Part, merge


def contract(service, **paths):
    return {
        "openapi": "3.1.0",
        "tags": [{"name": "things", "description": f"Things of {service}"}],
        "paths": {
            f"/{service}/v1/things": {
                "get": {
                    "operationId": "list_things",
                    "tags": ["things"],
                    "security": [{"bearer": ["x"]}],
                    "responses": {
                        "200": {
                            "content": {
                                "application/json": {
                                    "schema": {"$ref": "#/components/schemas/Thing"}
                                }
                            }
                        }
                    },
                }
            },
            "/health/ready": {"get": {"operationId": "ready", "responses": {}}},
            **paths,
        },
        "components": {
            "schemas": {
                "Thing": {
                    "properties": {"kind": {"$ref": "#/components/schemas/Kind"}},
                    "discriminator": {
                        "propertyName": "kind",
                        "mapping": {"a": "#/components/schemas/Kind"},
                    },
                },
                "Kind": {"enum": [service]},
            },
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        },
    }


OWN = {
    "info": {"version": "0.1.0"},
    "paths": {"/status": {"get": {"operationId": "status", "tags": ["catalogue"]}}},
}


def merged(**parts):
    return merge(OWN, parts)


def known(service):
    return Part(contract(service), had_at=1.0, current=True)


def references(node):
    if isinstance(node, dict):
        return [value for key, value in node.items() if key == "$ref"] + [
            found for value in node.values() for found in references(value)
        ]
    return [found for item in node for found in references(item)] if isinstance(node, list) else []


def test_components_of_the_same_name_stay_apart_and_every_reference_finds_its_own():
    document = merged(registry=known("registry"), evaluation=known("evaluation"))

    schemas = document["components"]["schemas"]
    assert schemas["registry.Kind"]["enum"] == ["registry"]
    assert schemas["evaluation.Kind"]["enum"] == ["evaluation"]
    assert schemas["registry.Thing"]["discriminator"]["mapping"] == {
        "a": "#/components/schemas/registry.Kind"
    }
    found = references(document)
    assert found
    assert all(reference.rpartition("/")[2] in schemas for reference in found)


def test_operations_are_named_and_grouped_by_service():
    document = merged(registry=known("registry"), evaluation=known("evaluation"))

    operation = document["paths"]["/registry/v1/things"]["get"]
    assert operation["operationId"] == "registry_list_things"
    assert operation["tags"] == ["registry: things"]
    groups = {group["name"]: group["tags"] for group in document["x-tagGroups"]}
    assert groups["evaluation"][0] == "evaluation: things"


def test_there_is_one_way_to_authenticate():
    document = merged(registry=known("registry"))

    assert list(document["components"]["securitySchemes"]) == ["huishe"]
    assert document["paths"]["/registry/v1/things"]["get"]["security"] == [{"huishe": []}]
    assert document["paths"]["/status"]["get"]["security"] == []


def test_a_service_tells_only_of_its_own_paths():
    stranger = {"/procurement/v1/things": {"get": {"operationId": "x"}}}
    part = Part(contract("registry", **stranger), had_at=1.0, current=True)

    assert list(merged(registry=part)["paths"]) == ["/registry/v1/things", "/status"]


def test_a_silent_service_is_named_and_the_others_are_told():
    document = merged(registry=known("registry"), incubator=Part())

    assert "incubator" in document["info"]["description"]
    assert document["info"]["x-parts"]["incubator"] == {"contract": "missing"}
    assert "/registry/v1/things" in document["paths"]


def test_a_contract_had_before_stands_in_for_a_silence():
    part = Part(contract("registry"), had_at=1.0, current=False)

    document = merged(registry=part)

    assert document["info"]["x-parts"]["registry"]["contract"] == "kept"
    assert "/registry/v1/things" in document["paths"]


def test_merging_changes_no_contract():
    part = known("registry")
    before = json.dumps(part.contract)

    merged(registry=part)

    assert json.dumps(part.contract) == before
