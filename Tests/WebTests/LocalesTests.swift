import Foundation
import Kernel
import Testing

@testable import Web

@Suite("Texts of the interface")
struct LocalesTests {
    /// A folder with locale files and templates for one module.
    private func folder(_ locales: [String: String], views: [String: String] = [:]) throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("locales-\(UUID().uuidString)")
        for (part, ending, files) in [("Locales", "json", locales), ("Views", "mustache", views)] {
            let place = folder.appendingPathComponent(part)
            try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
            for (name, text) in files {
                try Data(text.utf8).write(to: place.appendingPathComponent("\(name).\(ending)"))
            }
        }
        return folder
    }

    private func fault(_ locales: [String: String], views: [String: String] = [:]) throws -> String? {
        let folder = try folder(locales, views: views)
        defer { try? FileManager.default.removeItem(at: folder) }
        do {
            _ = try PageLibrary(sources: [("shop", folder)])
            return nil
        } catch let error as BootError {
            return error.description
        }
    }

    @Test("A text that one of the two languages lacks stops the start")
    func missing() throws {
        #expect(
            try fault(["zh": #"{"shop.a": "甲", "shop.b": "乙"}"#, "en": #"{"shop.a": "A"}"#])
                == "shop: text shop.b is missing in en")
        #expect(
            try fault(["zh": #"{"shop.a": "甲"}"#, "en": #"{"shop.a": "A", "shop.c": "C"}"#])
                == "shop: text shop.c is missing in zh")
        #expect(try fault(["zh": "{}"]) == "shop: no locale file en.json")
        #expect(try fault(["zh": "{}", "en": "{}"]) == nil)
    }

    @Test("So do other parameters, a broken file, and a template with an unknown text or partial")
    func broken() throws {
        let parameters = try fault(["zh": #"{"shop.a": "{count} 份"}"#, "en": #"{"shop.a": "{number} files"}"#])
        #expect(parameters == "shop: text shop.a has other parameters in zh than in en")
        #expect(try fault(["zh": "{", "en": "{}"])?.contains("zh.json is not a flat JSON object") == true)
        #expect(
            try fault(["zh": "{}", "en": "{}"], views: ["page": "[[shop.none]]"])
                == "template shop.page: there is no text shop.none")
        #expect(
            try fault(["zh": "{}", "en": "{}"], views: ["page": "{{>shop.none}}"])
                == "template shop.page: there is no template shop.none")
        #expect(
            try fault(["zh": "{}", "en": "{}"], views: ["page": "{{#open}}"])?.hasPrefix("template shop.page:") == true)
    }

    @Test("A key that two modules have stops the start")
    func twice() throws {
        let one = try folder(["zh": #"{"a": "甲"}"#, "en": #"{"a": "A"}"#])
        defer { try? FileManager.default.removeItem(at: one) }
        #expect(throws: BootError.self) { try PageLibrary(sources: [("one", one), ("two", one)]) }
    }

    @Test("Texts of the minorities' languages fall back to Chinese, and are counted")
    func fallback() throws {
        let folder = try folder([
            "zh": #"{"a": "甲", "b": "乙{x}"}"#, "en": #"{"a": "A", "b": "B{x}"}"#, "bo": #"{"a": "ཀ"}"#,
        ])
        defer { try? FileManager.default.removeItem(at: folder) }
        let locales = try PageLibrary(sources: [("shop", folder)]).locales
        #expect(locales.text("a", in: .bo) == "ཀ")
        #expect(locales.text(Message("b", ["x": "1"]), in: .bo) == "乙1")
        #expect(locales.missing(in: .bo) == 1)
        #expect(locales.missing(in: .ii) == 2)
        #expect(locales.missing(in: .en) == 0)
        #expect(locales.text(Message("none"), in: .zh) == "none")
    }

    @Test("Fixed texts stand in the page escaped")
    func substitution() throws {
        let folder = try folder(
            ["zh": #"{"a": "甲 & 乙 <丙>"}"#, "en": #"{"a": "A & B <C>"}"#],
            views: ["page": "<p title=\"[[a]]\">{{x}}</p>"])
        defer { try? FileManager.default.removeItem(at: folder) }
        let pages = try PageLibrary(sources: [("shop", folder)])
        #expect(
            try pages.render("shop.page", View(["x": "<1>"]), in: .en)
                == "<p title=\"A &amp; B &lt;C&gt;\">&lt;1&gt;</p>")
        #expect(throws: BootError.self) { try pages.render("shop.none", View(), in: .zh) }
    }
}
