/// Finds letters of one script that look like letters of another, so that a name may not be what it seems.
enum Confusables {
    /// Scripts that share letter shapes.
    enum Script: String {
        case latin = "Latin"
        case cyrillic = "Cyrillic"
        case greek = "Greek"
        case armenian = "Armenian"
        case cherokee = "Cherokee"

        /// Returns nil for other scripts, digits and marks.
        init?(_ scalar: Unicode.Scalar) {
            switch scalar.value {
            case 0x41...0x5A, 0x61...0x7A, 0xC0...0xD6, 0xD8...0xF6, 0xF8...0x24F, 0x250...0x2AF, 0x1E00...0x1EFF,
                0xFB00...0xFB06, 0xFF21...0xFF3A, 0xFF41...0xFF5A:
                self = .latin
            case 0x530...0x58F: self = .armenian
            case 0x13A0...0x13FF, 0xAB70...0xABBF: self = .cherokee
            case 0x370...0x3FF, 0x1F00...0x1FFF: self = .greek
            case 0x400...0x52F, 0x1C80...0x1C8F, 0x2DE0...0x2DFF, 0xA640...0xA69F: self = .cyrillic
            default: return nil
            }
        }
    }

    /// Returns the name with each letter replaced by the ASCII letter it looks like, if any.
    static func skeleton(of name: String) -> String {
        String(String.UnicodeScalarView(name.unicodeScalars.map { looks[$0] ?? wide($0) ?? $0 }))
    }

    /// Returns the words for the first letter of a name that looks like an ASCII letter; nil if there is none.
    static func disguise(in name: String) -> String? {
        guard let scalar = name.unicodeScalars.first(where: { looks[$0] != nil || wide($0) != nil }) else { return nil }
        return "\(quoted(String(scalar))) (\(codePoint(scalar)))"
    }

    /// Returns a clause about a look-alike letter, if the name would otherwise be ASCII; empty for most names.
    static func aside(on name: String) -> String {
        guard skeleton(of: name).utf8.allSatisfy({ $0 < 0x80 }), let letter = disguise(in: name) else { return "" }
        return ", where \(letter) only looks like another letter"
    }

    /// Returns a letter of a different script than the rest of its word, and both scripts; nil for most names.
    static func mixture(in name: String) -> (letter: Unicode.Scalar, scripts: [Script])? {
        var first: Script?
        for scalar in name.unicodeScalars {
            if scalar.isASCII, !scalar.properties.isAlphabetic {
                first = nil
            } else if let script = Script(scalar) {
                guard let before = first else {
                    first = script
                    continue
                }
                if before != script {
                    // The letter that is not Latin is the likely mistake.
                    let letter = script == .latin ? name.unicodeScalars.first { Script($0) == before } : scalar
                    return (letter ?? scalar, [before, script])
                }
            }
        }
        return nil
    }

    /// Returns the ASCII letter or digit of a full-width one.
    private static func wide(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
        switch scalar.value {
        case 0xFF10...0xFF19, 0xFF21...0xFF3A, 0xFF41...0xFF5A: Unicode.Scalar(scalar.value - 0xFEE0)
        default: nil
        }
    }

    /// Letters that most fonts draw like an ASCII letter, with that letter.
    private static let looks: [Unicode.Scalar: Unicode.Scalar] = {
        let pairs = [
            ("аеорсухѕіјһԁԛԝӏѵ", "aeopcyxsijhdqwlv"), ("АВЕКМНОРСТУХЅІЈԌӀѴҮԚԜ", "ABEKMHOPCTYXSIJGIVYQW"),
            ("ονρυικταγχ", "ovpuiktayx"), ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX"), ("ϲϳϹͿ", "cjCJ"), ("ıɑɡ", "iag"),
        ]
        return pairs.reduce(into: [:]) { looks, pair in
            for (letter, look) in zip(pair.0.unicodeScalars, pair.1.unicodeScalars) { looks[letter] = look }
        }
    }()
}

extension PolicyParser {
    /// Warns of names that look like another name, and of names that mix scripts.
    mutating func warnOfLookalikes() {
        var bySkeleton: [String: Int] = [:]
        for (number, definition) in definitions.enumerated() {
            let name = index.symbols[definition.symbol]
            guard !name.utf8.allSatisfy({ $0 < 0x80 }) else { continue }
            let skeleton = Confusables.skeleton(of: name)
            let plain = symbolByName[skeleton].flatMap { definitionBySymbol[$0] }
            if let twin = bySkeleton[skeleton] ?? plain, twin != number {
                let other = definitions[twin]
                let letter = Confusables.disguise(in: name).map { ", but has other letters, such as \($0)" } ?? ""
                log.warning(
                    "the name \(quoted(name)) looks like \(quoted(index.symbols[other.symbol])) at"
                        + " \(index.location(other.position))\(letter); rename one of the two",
                    at: index.location(definition.position))
            } else if let (letter, scripts) = Confusables.mixture(in: name) {
                log.warning(
                    "the name \(quoted(name)) mixes \(scripts.map(\.rawValue).joined(separator: " and ")) letters in one"
                        + " word, such as \(quoted(String(letter))) (\(codePoint(letter))); type it in one script",
                    at: index.location(definition.position))
            }
            if bySkeleton[skeleton] == nil { bySkeleton[skeleton] = number }
        }
    }
}
