import Foundation

/// The folder of a `rollcall.yaml`.
enum Project {
    /// Makes the folder, that of its policies, and the file, for an unpaced run with nothing withheld.
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
    /// How many bytes a file has.
    func size(of path: String) throws -> Int {
        guard let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int else {
            throw Complaint("The size of \(path) is not known.")
        }
        return size
    }
}
