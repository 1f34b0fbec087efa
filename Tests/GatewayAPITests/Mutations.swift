/// Mutations of a body, each with one to three changes.
struct Mutations {
    private let original: [UInt8]
    private var dice = SystemRandomNumberGenerator()
    private static let alphabet =
        Array(#"{}[]":,0123456789abcdlirolenmubg@.su \tnull-eE+"#.utf8) + [0, 0x0A, 0x7F, 0x80, 0xC3]

    init(of text: String) { original = Array(text.utf8) }

    /// Returns the next mutation.
    mutating func next() -> [UInt8] {
        var body = original
        for _ in 0..<Int.random(in: 1...3, using: &dice) {
            let position = Int.random(in: body.indices, using: &dice)
            switch Int.random(in: 0..<4, using: &dice) {
            case 0: body[position] = Self.alphabet.randomElement(using: &dice) ?? 0
            case 1: body.remove(at: position)
            case 2: body.insert(Self.alphabet.randomElement(using: &dice) ?? 0, at: position)
            default:
                let end = min(body.count, position + Int.random(in: 1...40, using: &dice))
                body.insert(contentsOf: body[position..<end], at: Int.random(in: body.indices, using: &dice))
            }
        }
        return body
    }
}
