import Kernel

/// What is JSON has one canonical text, which is JSON again and stays as it is.
enum JSONProperty {
    static func check(_ bytes: [UInt8]) throws {
        guard let text = String(validating: bytes, as: UTF8.self), let json = try? JSON(parsing: text) else { return }
        try same(try JSON(parsing: text), json, "read twice")
        try settle(json)
    }

    static func settle(_ json: JSON) throws {
        let canonical = json.canonical
        let again: JSON
        do { again = try JSON(parsing: canonical) } catch { throw Broken("\(canonical) is not JSON: \(error)") }
        try same(again.canonical, canonical, "canonical text")
    }
}
