import Foundation

/// A program of the system that reads what was made.
struct Tool {
    let name: String

    static let pdfinfo = Tool(name: "pdfinfo")
    static let pdftotext = Tool(name: "pdftotext")
    static let pdffonts = Tool(name: "pdffonts")
    static let pdftoppm = Tool(name: "pdftoppm")
    static let zbarimg = Tool(name: "zbarimg")

    /// Tests that need missing tools are shown as skipped, but where `CI` is set they run and fail.
    static func present(_ tools: Tool...) -> Bool {
        let isRequired = ProcessInfo.processInfo.environment["CI"].map { !["", "0", "false"].contains($0) } ?? false
        return isRequired || tools.allSatisfy { $0.path != nil }
    }

    private var path: String? {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
        return folders.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// What the tool writes to its standard output; throws when it is missing or fails.
    func run(_ arguments: [String]) throws -> String {
        String(decoding: try data(arguments), as: UTF8.self)
    }

    func data(_ arguments: [String]) throws -> Data {
        guard let path else { throw Failure(description: "\(name) is not installed") }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(description: "\(name) ended with \(process.terminationStatus)")
        }
        return data
    }
}

/// Bytes in a file for a tool, gone after the work.
func withFile<Result>(_ bytes: [UInt8], _ suffix: String, _ work: (String) throws -> Result) throws -> Result {
    let url = FileManager.default.temporaryDirectory.appending(path: "typesetting-\(UUID().uuidString).\(suffix)")
    try Data(bytes).write(to: url)
    defer { try? FileManager.default.removeItem(at: url) }
    return try work(url.path)
}

/// A PDF as the tools of poppler read it.
struct ReadPDF {
    let bytes: [UInt8]

    /// `pdfinfo`'s lines by their names.
    func info() throws -> [String: String] {
        var info: [String: String] = [:]
        for line in try withFile(bytes, "pdf", { try Tool.pdfinfo.run([$0]) }).split(separator: "\n") {
            guard let colon = line.firstIndex(of: ":") else { continue }
            info[String(line[..<colon])] = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
        }
        return info
    }

    /// The text without white space, of all pages or of one (from 1).
    func text(page: Int? = nil, _ more: [String] = []) throws -> String {
        let range = page.map { ["-f", "\($0)", "-l", "\($0)"] } ?? []
        let text = try withFile(bytes, "pdf") { try Tool.pdftotext.run(range + more + [$0, "-"]) }
        return text.filter { !$0.isWhitespace }
    }

    /// The texts of the structure's elements, each with its element's name.
    func structure() throws -> [(element: String, text: String)] {
        let listing = try withFile(bytes, "pdf") { try Tool.pdfinfo.run(["-struct-text", $0]) }
        var element = ""
        var found: [(element: String, text: String)] = []
        for line in listing.split(separator: "\n") {
            let line = line.trimmingCharacters(in: .whitespaces)
            if line.hasPrefix("\"") {
                found.append((element, String(line.dropFirst().dropLast())))
            } else {
                element = String(line.prefix { $0 != " " })
            }
        }
        return found
    }

    /// A page as a grey raster, 8 bits a pixel, row by row.
    func raster(page: Int, dotsPerInch: Int) throws -> (width: Int, height: Int, pixels: [UInt8]) {
        let data = try withFile(bytes, "pdf") {
            try Tool.pdftoppm.data(["-gray", "-r", "\(dotsPerInch)", "-f", "\(page)", "-l", "\(page)", $0])
        }
        let header = data.split(separator: 0x0A, maxSplits: 3, omittingEmptySubsequences: false)
        let size = String(decoding: header[1], as: UTF8.self).split(separator: " ").compactMap { Int($0) }
        guard header.count == 4, size.count == 2 else { throw Tool.Failure(description: "no raster") }
        return (size[0], size[1], [UInt8](header[3]))
    }

    /// What `zbarimg` reads from a page.
    func codes(page: Int) throws -> [String] {
        let image = try withFile(bytes, "pdf") {
            try Tool.pdftoppm.data(["-r", "150", "-f", "\(page)", "-l", "\(page)", $0])
        }
        return try readCodes([UInt8](image), "ppm")
    }
}

/// What `zbarimg` reads from an image.
func readCodes(_ image: [UInt8], _ suffix: String) throws -> [String] {
    let output = try withFile(image, suffix) { try Tool.zbarimg.run(["-q", "--raw", $0]) }
    return output.split(separator: "\n").map(String.init)
}
