import Goldens
import Testing

@Suite("Each fault of each call") struct FaultMatrixTests {
    /// The number of concurrent runs; most of them wait.
    private static let width = 12

    @Test("Each fault keeps the rules, with the result in docs/reliability.md", .timeLimit(.minutes(15)))
    func matrix() async throws {
        let cells = MatrixCell.all
        let town = try Town(["gateway.yaml": MatrixCell.seed(cells)])
        let results = try await town.served { simulator in
            var results = try await Self.observe(cells, at: simulator.url)
            let requests = try await simulator.requests()
            for index in results.indices {
                let cell = results[index].cell
                results[index].requests = requests.filter { request in
                    [cell.session, cell.otherSession].contains { request.path.isAbout(session: $0) }
                }
                if cell.call == .invite { results[index].requests.removeAll { !$0.path.hasSuffix("/invite") } }
            }
            return results
        }
        for complaint in results.flatMap(\.complaints) { Issue.record("\(complaint)") }
        let document = GoldenSection(file: "\(Program.sources)/docs/reliability.md", marker: "## The matrix\n")
        #expect(document.complaint(about: MatrixTable(results: results).text) == nil)
    }

    private static func observe(_ cells: [MatrixCell], at url: String) async throws -> [MatrixResult] {
        try await withThrowingTaskGroup(of: MatrixResult.self) { group in
            var waiting = cells[...]
            var results: [MatrixResult] = []
            for cell in waiting.prefix(width) { group.addTask { try await MatrixResult.observing(cell, at: url) } }
            waiting = waiting.dropFirst(width)
            while let result = try await group.next() {
                results.append(result)
                if let cell = waiting.popFirst() {
                    group.addTask { try await MatrixResult.observing(cell, at: url) }
                }
            }
            return results.sorted { $0.cell.number < $1.cell.number }
        }
    }
}

extension String {
    /// Returns whether a path is a session or below it.
    fileprivate func isAbout(session: String) -> Bool {
        let start = "/api/v1/sessions/\(session)"
        return self == start || hasPrefix(start + "/") || hasPrefix(start + "?")
    }
}
