import Foundation

/// The folder of a `rollcall.yaml`.
enum Project {
    /// Writes the folder, its policy folder and `rollcall.yaml`, for an unpaced run without limits.
    static func make(
        at folder: String, gateway: String = "http://127.0.0.1:9", concurrency: Int = 8, folders: [String] = []
    ) throws {
        for name in ["policies"] + folders {
            try FileManager.default.createDirectory(
                atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
        }
        try generate(
            "\(folder)/rollcall.yaml",
            """
            gateway: { url: "\(gateway)" }
            policies: [policies]
            pace: { calls_per_minute: 0, adds_per_day: 0 }
            read: { concurrency: \(concurrency) }

            """)
    }
}

extension Bench {
    /// Returns a file's size in bytes.
    func size(of path: String) throws -> Int {
        guard let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int else {
            throw Complaint("The size of \(path) is not known.")
        }
        return size
    }
}
