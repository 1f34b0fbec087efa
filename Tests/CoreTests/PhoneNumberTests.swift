import Core
import Testing

@Suite("Phone numbers")
struct PhoneNumberTests {
    @Test(
        "A phone number is read in every usual spelling",
        arguments: [
            "+6281234567890", "+62 812-3456-7890", "(+62) 812.3456.7890", "0062 812 3456 7890", "00 62 (812) 34567890",
            "[+62] 812 3456 7890", "+62\u{A0}812\u{2011}3456\u{2011}7890", " +62\t812\u{3000}34567890 ",
            "+62 \u{2013} 812 \u{2212} 34567890", "(00)6281234567890",
        ]
    )
    func spellings(text: String) throws {
        let phone = try PhoneNumber(parsing: text)
        #expect(phone.digits == 6_281_234_567_890)
        #expect(phone.e164 == "+6281234567890")
        #expect(phone.description == "+6281234567890")
        #expect(phone.jid == "6281234567890@s.whatsapp.net")
    }

    @Test(
        "An invalid phone number is refused with the reason",
        arguments: [
            ("", .empty), ("  - () ", .empty), ("6281234567890", .missingPrefix), ("0812345678", .missingPrefix),
            ("8", .missingPrefix), ("0", .missingPrefix), ("+0812345678", .leadingZero), ("+(0)62812345", .leadingZero),
            ("000812345678", .leadingZero), ("+0", .leadingZero), ("+62 (0) 812 3456", .trunkZero),
            ("+62(0)8123456", .trunkZero), ("0062 (0)8123456", .trunkZero), ("+62 ( 0 ) 8123456", .trunkZero),
            ("+62 [0] 8123456", .trunkZero), ("+", .tooShort(0)), ("00", .tooShort(0)), ("+123456", .tooShort(6)),
            ("00123456", .tooShort(6)), ("+1234567890123456", .tooLong(16)),
            ("+62812345678x", .unexpectedCharacter("x")), ("++628123456", .unexpectedCharacter("+")),
            ("+62+8123456", .unexpectedCharacter("+")), ("00+628123456", .unexpectedCharacter("+")),
            ("+62/8123456", .unexpectedCharacter("/")), ("+62\n8123456", .unexpectedCharacter("\n")),
            ("+\u{FF16}28123456", .unexpectedCharacter("\u{FF16}")), ("+62٨123456", .unexpectedCharacter("٨")),
            ("\u{202A}+628123456", .unexpectedCharacter("\u{202A}")),
            ("6281234567890@s.whatsapp.net", .unexpectedCharacter("@")),
            ("+628110000001.0", .decimals), ("+628110000001.00", .decimals), ("+628110000001.000", .decimals),
            ("628110000001.0", .decimals), ("00628110000001.0", .decimals), ("+62 811 000 0001.0", .decimals),
            ("+62-811-000-0001.00", .decimals), ("+628110000001.5", .decimals), ("+62.811.000.0001.0", .decimals),
            ("+628110000001.0 ", .decimals), ("+62 (811) 0000001.0", .decimals), ("+6281100.00001", .decimals),
            ("+628110000001 628110000002", .twoNumbers), ("+628110000001.628110000002", .twoNumbers),
            ("+6281100 6281101", .twoNumbers), ("+628110000001+628110000002", .twoNumbers),
            ("+628110000001, +628110000002", .unexpectedCharacter(",")),
            ("+62 811 0000001 (2)", .bracketsAtEnd), ("+62 811 0000001 [12] ", .bracketsAtEnd),
            ("+62 (0811) 000-0001", .zeroInBrackets), ("+62 [0811] 0000001", .zeroInBrackets),
            ("(+62) (0811) 0000001", .zeroInBrackets), ("0062 (0811) 0000001", .zeroInBrackets),
            ("+1 (0202) 555-0100", .zeroInBrackets), ("+212 (0661) 000001", .zeroInBrackets),
            ("+971 (050) 0000001", .zeroInBrackets), ("+39 (0) 6 1234 5678", .doubtfulZero),
        ] as [(String, PhoneNumberError)]
    )
    func refusals(text: String, error: PhoneNumberError) {
        #expect(throws: error) { try PhoneNumber(parsing: text) }
    }

    @Test(
        "A phone number keeps its own zeros, and zeros and dots between groups",
        arguments: [
            ("+39 (06) 1234 5678", 390_612_345_678 as UInt64), ("+225 (07) 00 00 00 01", 2_250_700_000_001),
            ("+33.6.12.34.56.00", 33_612_345_600), ("+62.811.000.000", 62_811_000_000),
            ("+62 811 000.0100", 628_110_000_100), ("+33.612345600", 33_612_345_600),
            ("+62 (811) 0000001", 628_110_000_001), ("+62 811 (000) 0001", 628_110_000_001),
            ("+62 811-0000-0", 6_281_100_000), ("+49 30 123456-0", 49_301_234_560), ("+628110000001.", 628_110_000_001),
        ])
    func italianZero(text: String, digits: UInt64) throws {
        #expect(try PhoneNumber(parsing: text).digits == digits)
    }

    @Test(
        "A phone number has a stray zero if it follows a country code that never has one",
        arguments: [
            ("+6208110000001", "+62"), ("+4402079460018", "+44"), ("+10202555010", "+1"), ("+70912345678", "+7"),
            ("+2120661000001", "+212"), ("+971050000001", "+971"), ("+62811000001", nil), ("+390612345678", nil),
            ("+378054990000", nil), ("+2250700000001", nil), ("+22901000001", nil), ("+24106000001", nil),
            ("+242060000001", nil), ("+22607000001", nil), ("+992070000001", nil), ("+8810000001", nil),
            ("+12025550100", nil), ("+620811", "+62"), ("+9990000001", nil),
        ] as [(String, String?)])
    func strayZeros(text: String, code: String?) {
        #expect((try? PhoneNumber(parsing: text + "0"))?.withoutStrayTrunk?.code.description == code)
    }

    @Test("A phone number of a million digits is rejected as too long")
    func giant() {
        #expect(throws: PhoneNumberError.tooLong(1_000_000)) {
            try PhoneNumber(parsing: "+" + String(repeating: "9", count: 1_000_000))
        }
        #expect(throws: PhoneNumberError.leadingZero) {
            try PhoneNumber(parsing: String(repeating: "0", count: 1_000_000))
        }
    }

    @Test(
        "A number followed by part of another is refused, whatever separates them",
        arguments: [
            ("+628110000010 .0", PhoneNumberError.decimals), ("+628110000001. 0", .decimals),
            ("+628110000001 .00", .decimals), ("+628110000001\u{A0}.0", .decimals), ("+1 555 123 4567.12", .decimals),
            ("+62811 000000.10", .decimals), ("+62 811000.50", .decimals), ("+62 811 0000001..0", .twoMarks),
            ("+62 811 0000001.-0", .twoMarks), ("+628110000001--1", .twoMarks), ("+62 811 - - 0000001", .twoMarks),
        ])
    func parts(text: String, error: PhoneNumberError) {
        #expect(throws: error) { try PhoneNumber(parsing: text) }
    }

    @Test(
        "A phone number keeps its digits as people group them",
        arguments: ["+62 (811) - 000-0001", "+33 6.12.34.56.00", "+62 811 - 0000001"])
    func groups(text: String) throws {
        #expect(try PhoneNumber(parsing: text).e164 == "+" + text.filter(\.isNumber))
    }

    @Test(
        "A number with its country's trunk prefix is recognised as the same number without it",
        arguments: [
            ("+62008110000001", "+628110000001"), ("+3606201234567", "+36201234567"), ("+789123456789", "+79123456789"),
            ("+6208110000001", "+628110000001"),
        ])
    func trunk(with: String, without: String) throws {
        let (longer, shorter) = (try PhoneNumber(parsing: with), try PhoneNumber(parsing: without))
        #expect(longer.withoutStrayTrunk?.number == without)
        #expect(longer.differsByTrunkPrefix(from: shorter))
        #expect(shorter.differsByTrunkPrefix(from: longer))
        #expect(shorter.withoutStrayTrunk == nil)
    }

    @Test("A Russian number may start with 8, and stays unchanged") func russia() throws {
        #expect(try PhoneNumber(parsing: "+7 812 345 67 89").withoutStrayTrunk == nil)
    }

    @Test("A phone number has 7 to 15 digits")
    func bounds() {
        #expect(PhoneNumber(digits: 999_999) == nil)
        #expect(PhoneNumber(digits: 1_000_000)?.e164 == "+1000000")
        #expect(PhoneNumber(digits: 999_999_999_999_999)?.e164 == "+999999999999999")
        #expect(PhoneNumber(digits: 1_000_000_000_000_000) == nil)
        #expect(PhoneNumber(digits: 0) == nil)
        #expect(PhoneNumber(digits: .max) == nil)
    }

    @Test("Phone numbers sort like their texts")
    func order() {
        let digits: [UInt64] = [
            1_000_000, 9_999_999, 10_000_000, 6_281_234, 62_812_345, 628_123_456, 6_281_234_567_890,
            999_999_999_999_999,
            628_123_400, 62_812_340, 6_281_230,
        ]
        let phones = digits.compactMap(PhoneNumber.init(digits:))
        #expect(phones.count == digits.count)
        #expect(phones.sorted().map(\.e164) == phones.map(\.e164).sorted())
        for left in phones {
            for right in phones {
                #expect((left < right) == (left.e164 < right.e164))
                #expect((left == right) == (left.digits == right.digits))
            }
        }
    }
}
