import Core
import Reports
import RunLedger

/// Writes rows in large pieces as they come.
final class TableWriter: Sendable {
    private struct State {
        var columns: [String] = []
        var pending = ""
        var count = 0
    }

    private let format: TableFormat
    private let output: any Output
    private let state = Guarded(State())

    /// The size of a piece in bytes.
    private static let piece = 1 << 16

    init(format: TableFormat, output: any Output) {
        self.format = format
        self.output = output
    }

    /// Begins the table with the column names.
    func begin(_ columns: [String]) {
        state.withLock { state in
            state.columns = columns
            state.pending = format == .csv ? Self.line(columns) : "["
        }
    }

    /// Writes a row.
    func write(_ row: [LedgerValue]) {
        state.withLock { state in
            switch format {
            case .csv: state.pending += Self.line(row.map(Self.text))
            case .json:
                let members = zip(state.columns, row.map(Self.json))
                let object = JSONText.object(Dictionary(members) { first, _ in first })
                state.pending += (state.count == 0 ? "\n" : ",\n") + object.line()
            }
            state.count += 1
            guard state.pending.utf8.count >= Self.piece else { return }
            output.write(state.pending)
            state.pending = ""
        }
    }

    /// Writes the rest and ends the table.
    func end() {
        state.withLock { state in
            if format == .json { state.pending += "\n]\n" }
            output.write(state.pending)
            state.pending = ""
        }
    }

    private static func line(_ cells: [String]) -> String { cells.map(\.escapedForCSV).joined(separator: ",") + "\r\n" }

    private static func text(_ value: LedgerValue) -> String {
        switch value {
        case .null: ""
        case .number(let number): "\(number)"
        case .text(let text): text
        }
    }

    private static func json(_ value: LedgerValue) -> JSONText {
        switch value {
        case .null: .null
        case .number(let number): .number(number)
        case .text(let text): .string(text)
        }
    }
}
