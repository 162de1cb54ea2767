import Dispatch
import Foundation
import FuzzProperties

typealias Input = @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32

@_silgen_name("LLVMFuzzerRunDriver")
func runDriver(
    _ count: UnsafeMutablePointer<Int32>,
    _ words: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>, _ input: Input
) -> Int32

/// The property that is tried: `TONGBAN_PROPERTY`.
private let property = ProcessInfo.processInfo.environment["TONGBAN_PROPERTY"].flatMap(Property.init(rawValue:))

/// SwiftPM links an executable's `main` to this name; libFuzzer runs it with its own words.
@_cdecl("Fuzz_main")
public func begin(_ count: Int32, _ words: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Int32 {
    guard property != nil else {
        print("TONGBAN_PROPERTY names none of: " + Property.allCases.map(\.rawValue).joined(separator: " "))
        return 64
    }
    var count = count
    var words = words
    return runDriver(&count, &words, tryInput)
}

/// One input; what breaks the property ends the process, as libFuzzer wants it.
@_cdecl("LLVMFuzzerTestOneInput")
public func tryInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> Int32 {
    guard let property else { return -1 }
    let bytes = Array(UnsafeBufferPointer(start: data, count: size))
    let done = DispatchSemaphore(value: 0)
    Task {
        do {
            try await property.check(bytes)
        } catch {
            FileHandle.standardError.write(Data("\(property.rawValue): \(error)\n".utf8))
            abort()
        }
        done.signal()
    }
    done.wait()
    return 0
}
