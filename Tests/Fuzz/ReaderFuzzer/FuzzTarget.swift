/// A reader of foreign bytes, and what is claimed of it whatever the bytes.
enum FuzzTarget: String, CaseIterable {
    /// A policy file.
    case policy
    /// A CSV file that a policy names.
    case table
    /// `rollcall.yaml`.
    case configuration
    /// The answers of a gateway.
    case gateway

    /// Reads bytes; a claim that does not hold ends the process.
    func attempt(_ bytes: [UInt8]) {
        switch self {
        case .policy: FuzzedPolicy.attempt(bytes)
        case .table: FuzzedTable.attempt(bytes)
        case .configuration: FuzzedConfiguration.attempt(bytes)
        case .gateway: FuzzedGateway.attempt(bytes)
        }
    }
}
