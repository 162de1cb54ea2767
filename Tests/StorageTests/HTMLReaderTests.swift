import TestKit
import Testing

@Suite("Reading pages in tests")
struct HTMLReaderTests {
    private let page = HTMLReader(
        """
        <!doctype html><html lang="zh"><head><title>办件 &amp; 查询</title><style>p { color: red }</style></head>
        <body class="desk wide"><!-- <p>not here</p> --><h1>待办<small>3</small></h1><ul><li>一<li>二</ul>
        <form action="/510106/cases" method="POST">
          <input type="hidden" name="token" value="a&quot;b&#39;&lt;&#x4e2d;"><input name=plain value=x disabled>
          <input type="checkbox" name="agree" value="yes" checked><input type="checkbox" name="more" value="1">
          <input type='radio' name='way' value='post'><input type='radio' name='way' value='hall' checked/>
          <textarea name="reason">
        第一行
         第二行 &lt;b&gt;</textarea>
          <select name="street"><option value="1">甲</option><option value="2" selected>乙</option></select>
          <select name="plain2"><option>丙</option></select><input type="file" name="scan">
          <button name="go" value="1">提交</button>
        </form><script>if (a < b) { document.write("<p>") }</script><p>完 a < b & c</p></body></html>
        """)

    @Test("Texts, attributes and classes are found as a reader sees them")
    func elements() {
        #expect(page.title == "办件 & 查询")
        #expect(page.first("html")?["lang"] == "zh")
        #expect(page.first("body", ["class": "wide"]) != nil)
        #expect(page.first("h1")?.text == "待办3")
        #expect(page.all("li").map(\.text) == ["一", "二"])
        #expect(page.all("p").map(\.text) == ["完 a < b & c"])
    }

    @Test("A form gives what a browser would send")
    func forms() throws {
        let form = try #require(page.form(action: "/510106/cases"))
        #expect(form.method == "post")
        #expect(form.fields.map(\.name) == ["token", "agree", "way", "reason", "street", "plain2"])
        #expect(form["token"] == "a\"b'<中")
        #expect(form["way"] == "hall")
        #expect(form["reason"] == "第一行\n 第二行 <b>")
        #expect(form["street"] == "2")
        #expect(form["plain2"] == "丙")
        #expect(
            form.body(["reason": "好 的&", "agree": nil, "more": "1", "token": "t"])
                == "token=t&way=hall&reason=%E5%A5%BD+%E7%9A%84%26&street=2&plain2=%E4%B8%99&more=1")
    }

    @Test("Broken markup ends and loses no text")
    func broken() {
        for html in [
            "<", "<a", "<a href=", "<a href=\"x", "</", "</x>", "<!--", "<p", "a<b", "<textarea>x", "<=>", "&#xZZ;&",
        ] {
            #expect(HTMLReader(html).root.descendants.count <= 1)
        }
        #expect(HTMLReader("<div><span>x</div>y").text == "x y")
    }
}
