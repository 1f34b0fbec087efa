/// A reader of untrusted bytes, and the claims that hold for any input.
enum FuzzTarget: String, CaseIterable {
    /// A policy file.
    case policy
    /// A CSV file that a policy names.
    case table
    /// `rollcall.yaml`.
    case configuration
    /// The answers of a gateway.
    case gateway

    /// Reads bytes; a false claim ends the process.
    func attempt(_ bytes: [UInt8]) {
        switch self {
        case .policy: FuzzedPolicy.attempt(bytes)
        case .table: FuzzedTable.attempt(bytes)
        case .configuration: FuzzedConfiguration.attempt(bytes)
        case .gateway: FuzzedGateway.attempt(bytes)
        }
    }
}
