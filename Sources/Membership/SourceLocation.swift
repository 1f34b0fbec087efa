/// A place in a file that people wrote.
package struct SourceLocation: Hashable, Sendable, Comparable {
    /// The file's name as people know it: relative to the configuration where it lies below it.
    package let file: String
    /// The line, from 1.
    package let line: Int
    /// The column in characters, from 1.
    package let column: Int

    /// Names a place; line and column count from 1.
    package init(file: String, line: Int, column: Int) {
        self.file = file
        self.line = line
        self.column = column
    }

    /// By file, then line, then column.
    package static func < (left: SourceLocation, right: SourceLocation) -> Bool {
        if left.file != right.file { return left.file.utf8.lexicographicallyPrecedes(right.file.utf8) }
        return (left.line, left.column) < (right.line, right.column)
    }
}

extension SourceLocation: CustomStringConvertible {
    /// `file:line:column`, the form that editors open.
    package var description: String { "\(file):\(line):\(column)" }
}
