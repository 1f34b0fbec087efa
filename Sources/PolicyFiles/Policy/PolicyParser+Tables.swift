import Core

extension PolicyParser {
    /// Reads the CSV files that the policies name, once for each requested column.
    mutating func readTables() {
        for request in tables {
            let start = index.entries.count
            let isComplete = readTable(request)
            index.teams[request.team].entries = start..<index.entries.count
            index.teams[request.team].isIncomplete = !isComplete
            if isComplete, start == index.entries.count { warnIfEmpty(of: request) }
        }
    }

    /// Reports a CSV file without rows at each entry that does not say `empty: true`.
    private mutating func warnIfEmpty(of request: TableRequest) {
        index.teams[request.team].mayBeEmpty = request.positionsThatNeedRows.isEmpty
        for position in request.positionsThatNeedRows {
            log.error(
                "the file \(quoted(request.key.name)) has no rows after its first line; add rows, or write"
                    + " `empty: true` next to `csv` if it may be empty", at: index.location(position))
        }
    }

    /// Reads one column of a CSV file; false if a row could not be read.
    private mutating func readTable(_ request: TableRequest) -> Bool {
        let asked = index.location(request.position)
        let bytes: [UInt8]
        do throws(DiskFault) {
            // Resolve links first, and open only the resolved path, so that a file outside is never opened.
            _ = try DiskFile.look(at: request.path)
            guard let file = DiskFile.resolved(request.path) else { throw .missing }
            guard allowsTablesOutside || DiskFile.resolved(request.folder).map({ FilePath.isBelow($0, file) }) == true
            else {
                log.error(
                    "the file \(quoted(request.key.name)) is a link to outside the folder of this policy; move the"
                        + " file itself there, or allow it in rollcall.yaml with `csv: { outside: true }`",
                    at: asked)
                return false
            }
            bytes = try DiskFile.contents(of: file)
        } catch {
            log.error("the file \(quoted(request.key.name)) \(error.words)", at: asked)
            return false
        }
        digest.add(name: request.key.name, bytes: bytes)
        if let (line, column, message) = Self.textProblem(in: bytes) {
            log.error(message, at: SourceLocation(file: request.key.name, line: line, column: column))
            return false
        }
        return readRows(of: bytes, request: request)
    }

    private mutating func readRows(of bytes: [UInt8], request: TableRequest) -> Bool {
        let file = UInt32(index.files.count)
        index.files.append(request.key.name)
        var scanner = CSVScanner(bytes: bytes)
        var fields: [CSVField] = []
        var header: (column: Int, count: Int)?
        var isComplete = true
        // Most files have no quotes, and none of the bytes that marks and controls start with.
        let mayHoldSigns = [0xE2, 0xEF, UInt8(ascii: "\"")].contains(where: bytes.contains)
        while true {
            do throws(CSVFault) {
                guard try scanner.next(into: &fields) else { break }
            } catch {
                isComplete = false
                let column = scanner.column(of: error.offset, lineStart: error.lineStart)
                log.error(error.message, at: SourceLocation(file: request.key.name, line: error.line, column: column))
                // Without a header, the rows have no meaning.
                if header == nil { return false }
                continue
            }
            if fields.allSatisfy({ $0.range.isEmpty || scanner.text(of: $0).isEmpty }) { continue }
            if mayHoldSigns, !checkSigns(in: fields, scanner: scanner, bytes: bytes, file: file) {
                isComplete = false
                if header == nil { return false }
                continue
            }
            guard let known = header else {
                guard let column = findColumn(fields, scanner: scanner, request: request) else { return false }
                header = (column, fields.count)
                continue
            }
            if !readRow(fields, header: known, scanner: scanner, bytes: bytes, file: file) { isComplete = false }
        }
        if let (line, lineStart, offset) = scanner.loneReturn, scanner.hasLineFeeds {
            isComplete = false
            log.error(
                "this line ends in a carriage return and others end in a line feed, so programs disagree on where rows"
                    + " start; end every line with a line feed",
                at: SourceLocation(
                    file: request.key.name, line: line, column: scanner.column(of: offset, lineStart: lineStart)))
        }
        if header == nil {
            log.error(
                "the file is empty; its first line must name the columns, one of them \(quoted(request.key.column))",
                at: SourceLocation(file: request.key.name, line: 1, column: 1))
            return false
        }
        return isComplete
    }

    private mutating func findColumn(_ fields: [CSVField], scanner: CSVScanner, request: TableRequest) -> Int? {
        func location(of field: CSVField) -> SourceLocation {
            let column = scanner.column(of: field.start, lineStart: field.lineStart)
            return SourceLocation(file: request.key.name, line: field.line, column: column)
        }
        let names = fields.map { scanner.text(of: $0) }
        let wanted = request.key.column
        let matches = names.indices.filter { names[$0] == wanted }
        let line = fields.first?.line ?? 1
        switch matches.count {
        case 1: return matches[0]
        case 0:
            if let (position, sentence) = Self.cause(ofMissing: wanted, among: names) {
                log.error(sentence, at: location(of: fields[position]))
                return nil
            }
            var suggester = SpellingSuggester()
            let hint = suggester.hint(for: wanted, among: names)
            let listed = names.prefix(12).map(quoted).joined(separator: ", ")
            log.error(
                "the first line has no column \(quoted(wanted)); its columns are \(listed)\(hint)",
                at: SourceLocation(file: request.key.name, line: line, column: 1))
        default:
            log.error(
                "the first line has the column \(quoted(wanted)) twice; rename one",
                at: location(of: fields[matches[1]]))
        }
        return nil
    }

    private mutating func readRow(
        _ fields: [CSVField], header: (column: Int, count: Int), scanner: CSVScanner, bytes: [UInt8], file: UInt32
    ) -> Bool {
        func position(_ field: CSVField) -> FilePosition {
            let column = scanner.column(of: field.start, lineStart: field.lineStart)
            return FilePosition(file: file, line: UInt32(field.line), column: UInt32(column))
        }
        guard fields.count == header.count else {
            if let first = fields.first {
                log.error(
                    "the row has \(counted(fields.count, "field")), but the first line has \(header.count); put text"
                        + " that contains the separator in quotes", at: index.location(position(first)))
            }
            return false
        }
        let field = fields[header.column]
        let plain = bytes.withUnsafeBufferPointer {
            EntryText.plainNumber(UnsafeBufferPointer(rebasing: $0[field.range]))
        }
        let spelling =
            plain.map { EntryText.account(.phone($0)) }
            ?? EntryText(text: Self.withoutTextMark(scanner.text(of: field)))
        switch spelling {
        case .account(let account):
            index.entries.append(Entry(target: .person(person(account)), position: position(field), terms: 0))
            warnOfStrayZero(in: account, at: position(field))
            return true
        case .nothing:
            log.error("the row has no phone number; add it, or delete the row", at: index.location(position(field)))
        case .name(let name):
            log.error(
                "\(quoted(name)) is not a phone number such as +62 812-3456-7890; CSV files cannot list names",
                at: index.location(position(field)))
        case .wrong(let sentence): log.error(sentence, at: index.location(position(field)))
        }
        return false
    }
}
