/// Transforms every input, at most `limit` at a time, and returns the results in the order of the inputs.
///
/// The first error cancels the rest and is thrown.
func concurrentMap<Input: Sendable, Output: Sendable>(
    _ inputs: [Input], limit: Int, _ transform: @Sendable @escaping (Input) async throws -> Output
) async throws -> [Output] {
    var outputs = [Output?](repeating: nil, count: inputs.count)
    try await withThrowingTaskGroup(of: (Int, Output).self) { group in
        var next = 0
        while next < min(max(1, limit), inputs.count) {
            let index = next
            group.addTask { (index, try await transform(inputs[index])) }
            next += 1
        }
        while let (index, output) = try await group.next() {
            outputs[index] = output
            if next < inputs.count {
                let index = next
                group.addTask { (index, try await transform(inputs[index])) }
                next += 1
            }
        }
    }
    return outputs.compactMap { $0 }
}
