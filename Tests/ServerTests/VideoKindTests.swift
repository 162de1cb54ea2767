import Documents
import Testing

/// Videos are told by their first bytes, whatever they are called.
@Suite("Kinds of video")
struct VideoKindTests {
    private static func box(_ brand: String) -> [UInt8] {
        [0, 0, 0, 0x18] + Array("ftyp\(brand)".utf8) + [0, 0, 0, 0]
    }
    private static let ebml: [UInt8] = [0x1A, 0x45, 0xDF, 0xA3, 0x9F, 0x42, 0x82, 0x84]

    @Test(
        "What a phone records is taken",
        arguments: [
            (box("mp42"), FileKind.mp4), (box("isom"), .mp4), (box("M4V "), .mp4), (box("qt  "), .mov),
            (box("3gp5"), .threeGP),
            (ebml + Array("webm".utf8), .webm),
        ])
    func taken(_ head: [UInt8], _ kind: FileKind) {
        #expect(FileKind(head: head, filename: "x.exe") == kind)
        #expect(FileKind.videos.contains(kind) && kind.mediaType.hasPrefix("video/"))
    }

    @Test(
        "Pictures in the same box, other containers and half a box are none",
        arguments: [
            box("heic"), box("avif"), ebml + Array("matroska".utf8), Array(box("mp42").prefix(11)),
            Array("RIFF1234AVI ".utf8), Array("MZ".utf8), [],
        ])
    func refused(_ head: [UInt8]) {
        #expect(FileKind(head: head, filename: "me.mp4") == nil)
    }
}
