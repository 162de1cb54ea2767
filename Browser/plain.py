"""Somebody without scripts and without a screen: pages are read as HTML, forms are sent as a browser would send them."""

from __future__ import annotations

import mimetypes
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlencode, urljoin

from house import AREA, House

STAFF = "demo."


@dataclass
class Form:
    """A form as it stands: where it goes, what it would send, which buttons it has."""

    action: str
    method: str
    multipart: bool
    id: str | None
    values: list[tuple[str, str]] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)
    options: dict[str, list[str]] = field(default_factory=dict)

    def names(self) -> set[str]:
        return {name for name, _ in self.values} | set(self.options)


class FormReader(HTMLParser):
    """Finds the forms of a page."""

    def __init__(self):
        super().__init__()
        self.forms: list[Form] = []
        self.form: Form | None = None
        self.strays: list[tuple[str, tuple[str, str, str]]] = []
        self.select: str | None = None
        self.chosen: str | None = None
        self.area: str | None = None
        self.button: list | None = None
        self.text: list[str] = []

    def handle_starttag(self, tag, attributes):
        a = {name: value if value is not None else "" for name, value in attributes}
        if tag == "form":
            self.form = Form(
                a.get("action", ""),
                a.get("method", "get").lower(),
                a.get("enctype") == "multipart/form-data",
                a.get("id"),
            )
            self.forms.append(self.form)
        elif tag == "button":
            self.button = [a, []]
        elif self.form is None:
            return
        elif tag == "input" and a.get("name"):
            kind = a.get("type", "text")
            if kind in ("radio", "checkbox"):
                self.form.options.setdefault(a["name"], []).append(a.get("value", "on"))
                if "checked" in a:
                    self.form.values.append((a["name"], a.get("value", "on")))
            elif kind == "file":
                self.form.files.append(a["name"])
            elif kind not in ("submit", "button"):
                self.form.values.append((a["name"], a.get("value", "")))
        elif tag == "select" and a.get("name"):
            self.select, self.chosen = a["name"], None
            self.form.options.setdefault(a["name"], [])
        elif tag == "option" and self.select:
            self.form.options[self.select].append(a.get("value", ""))
            if "selected" in a or self.chosen is None:
                self.chosen = a.get("value", "")
        elif tag == "textarea" and a.get("name"):
            self.area, self.text = a["name"], []

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None
        elif tag == "button" and self.button:
            a, words = self.button
            entry = (a.get("name", ""), a.get("value", ""), "".join(words).strip())
            if a.get("form"):
                self.strays.append((a["form"], entry))
            elif self.form is not None and a.get("type", "submit") == "submit":
                self.form.buttons.append(entry)
            self.button = None
        elif tag == "select" and self.select and self.form:
            self.form.values.append((self.select, self.chosen or ""))
            self.select = None
        elif tag == "textarea" and self.area and self.form:
            self.form.values.append((self.area, "".join(self.text)))
            self.area = None

    def handle_data(self, data):
        if self.button:
            self.button[1].append(data)
        if self.area:
            self.text.append(data)

    def close(self):
        super().close()
        for target, entry in self.strays:
            for form in self.forms:
                if form.id == target:
                    form.buttons.append(entry)


class Page:
    """An answer of the server."""

    def __init__(self, answer):
        self.status = answer.status
        self.url = answer.url
        self.headers = answer.headers
        self.body = answer.body()
        self.text = self.body.decode("utf-8", "replace")
        reader = FormReader()
        if "html" in self.headers.get("content-type", ""):
            reader.feed(self.text)
            reader.close()
        self.forms = reader.forms

    @property
    def path(self) -> str:
        return "/" + self.url.split("/", 3)[-1]

    def form(self, action: str = "", button: str = "") -> Form:
        """The form whose address contains `action` and that has a button with these words."""
        for form in self.forms:
            fits = not button or any(button in words for _, _, words in form.buttons)
            if fits and action in (form.action or self.path) and form.method == "post":
                return form
        raise AssertionError(
            f"{self.url} ({self.status}) has no form to “{action}” with “{button}”: "
            + ", ".join(f"{form.action} {[words for *_, words in form.buttons]}" for form in self.forms)
        )


class Visitor:
    """Keeps cookies, follows links, sends forms."""

    def __init__(self, playwright, house: House):
        self.house = house
        self.http = playwright.request.new_context(base_url=house.url)

    def close(self) -> None:
        self.http.dispose()

    def state(self) -> dict:
        return self.http.storage_state()

    def get(self, path: str, follow: bool = True, headers: dict | None = None) -> Page:
        return Page(self.http.get(self.full(path), max_redirects=20 if follow else 0, headers=headers or {}))

    def full(self, path: str) -> str:
        """`/my/cases` lies in the district; `/510106/…`, `/api/…` and whole addresses are themselves."""
        if path.startswith("http"):
            return path
        if path.startswith((f"/{AREA}", "/api/", "/preferences", "/readyz", "/healthz", "/static")):
            return self.house.url + path
        return self.house.address(path)

    def post(
        self, path: str, fields: list[tuple[str, str]] | dict, follow: bool = True, headers: dict | None = None
    ) -> Page:
        pairs = list(fields.items()) if isinstance(fields, dict) else fields
        return Page(
            self.http.post(
                self.full(path),
                data=urlencode(pairs),
                headers={"Content-Type": "application/x-www-form-urlencoded"} | (headers or {}),
                max_redirects=20 if follow else 0,
            )
        )

    def send(
        self, page: Page, form: Form, changes: dict | None = None, button: str | None = None, file: Path | None = None
    ) -> Page:
        """Sends a form with some values changed; a list stands for several ticks, None takes a value away."""
        changes = changes or {}
        pairs = [(name, value) for name, value in form.values if name not in changes]
        for name, value in changes.items():
            if value is not None:
                pairs += [(name, one) for one in ([value] if isinstance(value, str) else value)]
        for name, value, words in form.buttons:
            if (button is None or button in words) and name:
                pairs.append((name, value))
                break
            if button is None or button in words:
                break
        address = urljoin(page.url, form.action) if form.action else page.url
        if not form.multipart:
            return self.post(address, pairs)
        # The first field must be the token, the file comes last.
        parts: dict = {name: value for name, value in pairs}
        if file is not None:
            kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
            parts[form.files[0]] = {"name": file.name, "mimeType": kind, "buffer": file.read_bytes()}
        return Page(self.http.post(address, multipart=parts, max_redirects=20))

    def sign_in(self, who: str, password: str) -> None:
        at_desk = who.startswith(STAFF)
        page = self.get("/desk/sign-in" if at_desk else "/sign-in")
        values = {"login" if at_desk else "phone": who, "password": password}
        answer = self.send(page, page.form("sign-in"), values)
        assert "sign-in" not in answer.path, f"{who} cannot sign in: {answer.status} {answer.url}\n{answer.text[:2000]}"
