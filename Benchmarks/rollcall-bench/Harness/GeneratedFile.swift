import Foundation

/// A file written in pieces of a megabyte.
struct GeneratedFile: ~Copyable {
    private let handle: FileHandle
    private var bytes: [UInt8] = []

    /// Opens a file and replaces an existing one.
    init(_ path: String) throws {
        guard FileManager.default.createFile(atPath: path, contents: nil),
            let handle = FileHandle(forWritingAtPath: path)
        else { throw Complaint("\(path) cannot be written.") }
        self.handle = handle
        bytes.reserveCapacity(1 << 20)
    }

    /// Appends a text.
    mutating func add(_ text: String) throws {
        bytes.append(contentsOf: text.utf8)
        if bytes.count >= 1 << 20 { try flush() }
    }

    /// Writes the rest and closes the file.
    consuming func close() throws {
        try flush()
        try handle.close()
    }

    private mutating func flush() throws {
        try handle.write(contentsOf: Data(bytes))
        bytes.removeAll(keepingCapacity: true)
    }
}

/// Writes a whole file.
func generate(_ path: String, _ text: String) throws {
    var file = try GeneratedFile(path)
    try file.add(text)
    try file.close()
}
