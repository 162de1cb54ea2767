"""The command line: help, checks, and errors that say what to do."""

import re

import pytest

SUBCOMMANDS = [
    [],
    ["serve"],
    ["migrate"],
    ["catalogue"],
    ["catalogue", "check"],
    ["catalogue", "load"],
    ["catalogue", "import"],
    ["catalogue", "export"],
    ["catalogue", "deadlines"],
    ["user"],
    ["user", "add-staff"],
    ["user", "add-client"],
    ["registers"],
    ["registers", "import"],
    ["registers", "list"],
    ["keys"],
    ["keys", "show"],
    ["keys", "change"],
    ["verify"],
    ["anchors"],
    ["backup"],
    ["restore"],
    ["openapi"],
    ["demo"],
]


@pytest.mark.parametrize("words", SUBCOMMANDS, ids=lambda words: " ".join(words) or "tongban")
def test_help(house, words):
    done = house.bare(*words, "--help")
    assert done.returncode == 0
    assert "USAGE" in done.stdout and "OVERVIEW" in done.stdout


def test_every_subcommand_is_tested(house):
    """The list above is what the program offers."""
    offered = set()
    for group in ([], ["catalogue"], ["user"], ["registers"], ["keys"]):
        told = house.bare(*group, "--help").stdout.split("SUBCOMMANDS:")[1]
        offered |= {tuple(group + [name]) for name in re.findall(r"^  ([a-z-]+)", told, flags=re.M) if name != "help"}
    assert offered == {tuple(words) for words in SUBCOMMANDS if words}, offered


def test_packs_are_clean(house):
    done = house.bare("catalogue", "check")
    assert done.returncode == 0, done.stdout[-3000:]
    assert " 0 errors" in done.stdout


def test_a_broken_pack_is_told_by_line(house, tmp_path):
    import shutil

    from house import ROOT

    packs = tmp_path / "Packs"
    shutil.copytree(ROOT / "Packs", packs)
    broken = packs / "510106-jinniu" / "items" / "lift-retrofit-subsidy.yaml"
    broken.write_text(
        broken.read_text(encoding="utf-8").replace("department: housing", "department: nowhere", 1),
        encoding="utf-8",
    )
    done = house.bare("catalogue", "check", str(packs))
    assert done.returncode == 1
    assert re.search(r"lift-retrofit-subsidy\.yaml:\d+", done.stdout), done.stdout[:2000]


def test_demo_again_changes_nothing(house):
    done = house.run("demo", "--log", "error")
    assert done.returncode == 0, done.stderr[-2000:]
    assert not re.search(r"[1-9]\d* new|[1-9]\d* changed", done.stderr), done.stderr[-2000:]


def test_migrate_is_up_to_date(house):
    done = house.run("migrate", "--log", "error")
    assert done.returncode == 0 and "up to date" in done.stdout


def test_export_is_json(house):
    import json

    done = house.run("catalogue", "export", "--area", "510106", "--log", "error")
    assert done.returncode == 0, done.stderr[-2000:]
    slugs = [json.loads(line)["slug"] for line in done.stdout.splitlines()]
    assert "food-business-licence" in slugs


def test_a_register_is_brought_whole_or_not_at_all(house, tmp_path):
    """A wrong line is named by its number, without what stood in it."""
    file = tmp_path / "insured.csv"

    def bring(text: str):
        file.write_text(text, encoding="utf-8")
        words = ["--area", "420607", "--register", "insured-persons", "--dated", "2026-01-05", "--log", "error"]
        return house.run("registers", "import", str(file), *words)

    wrong = bring("key,active,has_card\n110105194912310020,true,false\n11010519491231002X,perhaps,false\n")
    assert wrong.returncode != 0 and "insured.csv:3:" in wrong.stdout, wrong.stdout + wrong.stderr
    assert "perhaps" not in wrong.stdout and "11010519491231002X" not in wrong.stdout
    good = bring("key,active,has_card\n11010519491231002X,true,false\n")
    assert good.returncode == 0, good.stderr[-2000:]
    told = house.run("registers", "list", "--area", "420607", "--log", "error")
    assert told.returncode == 0 and "insured-persons" in told.stdout, told.stdout + told.stderr
    assert "2026-01-05" in told.stdout and "11010519491231002X" not in told.stdout


def test_serve_without_schema_says_what_to_do(house, tmp_path):
    done = house.bare("serve", "--data", str(tmp_path / "new"), "--port", "1", "--log", "error", timeout=60)
    assert done.returncode != 0
    assert "tongban migrate" in done.stderr, done.stderr[-800:]


def test_demonstration_accounts_are_refused_in_earnest(house):
    """Without --demo the server does not start on data with well-known passwords."""
    done = house.run("serve", "--port", "1", "--log", "error", timeout=60)
    assert done.returncode != 0
    assert "--demo" in done.stderr, done.stderr[-800:]


def test_an_unreachable_database_is_told(house, tmp_path):
    done = house.bare(
        "migrate",
        "--data",
        str(tmp_path / "d"),
        "--database",
        "postgres://nobody@127.0.0.1:1/none",
        "--log",
        "error",
        timeout=120,
    )
    assert done.returncode != 0
    assert "cannot be reached" in done.stderr and "--database" in done.stderr, done.stderr[-800:]


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["catalogue", "import", "/does/not/exist.csv", "--area", "510106"], "exist"),
        (["catalogue", "import", "x.csv", "--area", "51"], "six digits"),
        (["catalogue", "load", "/does/not/exist"], "exist"),
        (["user", "add-staff", "--area", "510106", "--login", "x", "--name", "某", "--role", "king"], "--role"),
        (["registers", "list", "--area", "110101"], "no area 110101"),
        (
            "registers import /not/there.csv --area 420607 --register x --dated 2026-01-05".split(),
            "the file “/not/there.csv” does not exist",
        ),
        (["frobnicate"], "frobnicate"),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value[:2]),
)
def test_errors_say_what_is_wrong(house, words, hint):
    done = house.run(*words) if len(words) > 1 else house.bare(*words)
    assert done.returncode != 0
    assert hint in done.stderr, done.stderr[-800:]
    assert "Fatal error" not in done.stderr


def test_staff_can_be_added(house):
    """A clerk's account for the first administrators: the password comes on standard input."""
    done = house.run(
        "user",
        "add-staff",
        "--area",
        "510106",
        "--login",
        "first.auditor",
        "--name",
        "演示审计",
        "--role",
        "auditor",
        "--log",
        "error",
        stdin="a long enough password 7\n",
    )
    assert done.returncode == 0, done.stderr[-1000:]
    assert re.match(r"^[0-9a-f-]{36}$", done.stdout.strip()), done.stdout


def test_zz_verify_finds_nothing(house):
    """Every chain holds and every journal replays to the stored state, with the server running."""
    done = house.run("verify", "--log", "error")
    assert done.returncode == 0, done.stdout[-3000:]
    told = re.search(r"(\d+) proceedings, (\d+) events, .*\b0 faults", done.stdout)
    assert told and int(told.group(1)) > 0, done.stdout


def test_a_weak_password_is_refused_in_words(house):
    """An error of the rules comes as a sentence, not as the name of one."""
    done = house.run(
        "user", "add-staff", "--area", "510106", "--login", "demo.weak", "--name", "演示", "--role", "sysadmin",
        "--log", "error", stdin="12345678\n",
    )
    assert done.returncode != 0
    assert "identity." not in done.stderr and "character" in done.stderr, done.stderr
