import Foundation
import Kernel
import Web

/// Queries, forms and paths of any bytes are read; what this site writes into an address is read back.
enum AddressProperty {
    static func check(_ bytes: [UInt8]) throws {
        let text = String(decoding: bytes, as: UTF8.self)
        let form = FormData(urlEncoded: text)
        let written = form.pairs.map { encodeSegment($0.name) + "=" + encodeSegment($0.value) }.joined(separator: "&")
        let read = FormData(urlEncoded: written)
        try same(read.pairs.map(\.name), form.pairs.map(\.name), "names")
        try same(read.pairs.map(\.value), form.pairs.map(\.value), "values")
        for pair in form.pairs { try same(form.has(pair.name), true, "a name that was sent") }

        let segments = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        let path = Path("/:area/items/:slug/:id/:page", AreaCode.self, String.self, ID<Broken>.self, Int.self)
        if segments.count == 4, let (area, slug, id, page) = try? path.values(segments) {
            let url = path.url(area, slug, id, page)
            try hold(isLocalPath(url), "\(url) leads away")
            let parts = url.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
            let again = try path.values([parts[1], parts[3], parts[4], parts[5]])
            try hold(again == (area, slug, id, page), "\(url) is read as \(again)")
        }
        if isLocalPath(text) {
            try hold(URL(string: text)?.host == nil, "\(text) leads to another host")
        }
    }
}
