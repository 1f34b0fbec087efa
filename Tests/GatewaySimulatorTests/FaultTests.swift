import Core
import Foundation
import Testing

@testable import GatewaySimulator

@Suite("False answers")
struct FaultTests {
    private func sample(_ fault: Fault, count: Int? = 1) throws -> SampleWorld {
        let sample = try SampleWorld()
        sample.world.inject(FaultRule(path: "*", count: count, fault: fault))
        return sample
    }

    private func text(_ response: SimulatedResponse) -> String { String(decoding: response.body, as: UTF8.self) }

    @Test("A Retry-After date is as far from the clock as requested, also in the past")
    func retryDates() throws {
        // The sample's clock is at 2026-11-18, a Wednesday, 11:06:40.
        for (seconds, expected) in [
            (90, "Wed, 18 Nov 2026 11:08:10 GMT"), (-86_400, "Tue, 17 Nov 2026 11:06:40 GMT"),
            (5 * 86_400, "Mon, 23 Nov 2026 11:06:40 GMT"),
        ] {
            let sample = try sample(.status(429, code: "slow_down", retryAfter: .date(secondsFromNow: seconds)))
            let answer = sample.add([sample.outsider])
            #expect(answer.status == 429)
            #expect(answer.header("retry-after") == expected)
            #expect(try sample.roles()[sample.outsider] == nil)
        }
    }

    @Test("Bytes that are not text are still sent as JSON")
    func bytes() throws {
        let sample = try sample(.garbageBytes([0x5B, 0xFF, 0x5D]))
        let answer = sample.add([sample.outsider])
        #expect(answer.status == 200)
        #expect(answer.header("content-type") == "application/json; charset=utf-8")
        #expect(answer.body == [0x5B, 0xFF, 0x5D])
        #expect(try sample.roles()[sample.outsider] == .member)
    }

    @Test("A hanging request is never answered, before or after its effect", arguments: [false, true])
    func hang(afterEffect: Bool) throws {
        let sample = try sample(.hang(afterEffect: afterEffect))
        let answer = sample.add([sample.outsider])
        #expect(answer.delivery == .never)
        #expect(answer.body.isEmpty)
        #expect(try (sample.roles()[sample.outsider] == .member) == afterEffect)
        #expect(sample.world.journal.map(\.status) == [afterEffect ? 204 : 0])
    }

    @Test("A gzip bomb keeps the answer, and says how much padding precedes it")
    func bomb() throws {
        let sample = try sample(.gzipBomb(megabytes: 500))
        let answer = sample.ask("GET", "/groups")
        #expect(answer.delivery == .oversized(megabytes: 500))
        #expect(answer.header("content-encoding") == "gzip")
        #expect(answer.body == sample.ask("GET", "/groups").body)
    }

    @Test("Fields change everywhere or once, and nothing else changes")
    func changes() throws {
        let sample = try sample(.change([AnswerChange("role", to: #""owner""#)]))
        let path = "\(sample.groupPath)/members"
        let changed = text(sample.ask("GET", path))
        let whole = text(sample.ask("GET", path))
        #expect(
            changed
                == whole.replacingOccurrences(of: #""role":"superadmin""#, with: #""role":"owner""#)
                .replacingOccurrences(of: #""role":"admin""#, with: #""role":"owner""#)
                .replacingOccurrences(of: #""role":"member""#, with: #""role":"owner""#))
        sample.world.inject(
            FaultRule(
                path: "*",
                fault: .change(
                    [
                        AnswerChange("groupJid", to: #""1@g.us""#), AnswerChange("tag", to: "[1e999,{}]"),
                        AnswerChange("nothing", to: "7"),
                    ], onlyFirst: true)))
        let once = text(sample.ask("GET", path)).split(separator: "{", omittingEmptySubsequences: false)
        let parts = whole.split(separator: "{", omittingEmptySubsequences: false)
        #expect(once[0...1] == parts[0...1])
        #expect(once[2].contains(#""groupJid":"1@g.us""#) && once[2].contains(#""tag":[1e999,"#))
        #expect(once[3] == "}]\(parts[2].split(separator: #""tag":null"#)[1])")
        #expect(once[4...] == parts[3...])
    }

    @Test("A value of any kind is replaced whole, and a text value with a field's name stays")
    func wholeValues() throws {
        let sample = try SampleWorld(adjust: {
            $0.groups[0].subject = #"description":{"a"#
            $0.groups[0].description = "}],subject"
        })
        let path = sample.groupPath
        let whole = text(sample.ask("GET", path))
        func changed(_ field: String) -> String {
            sample.world.inject(FaultRule(path: "*", fault: .change([AnswerChange(field, to: "0")])))
            return text(sample.ask("GET", path))
        }
        #expect(changed("description") == whole.replacingOccurrences(of: #""}],subject""#, with: "0"))
        #expect(changed("subject") == whole.replacingOccurrences(of: #""description\":{\"a""#, with: "0"))
        #expect(changed("isLocked") == whole.replacingOccurrences(of: #""isLocked":false"#, with: #""isLocked":0"#))
        #expect(changed("group") == whole)
        sample.world.inject(FaultRule(path: "*", fault: .change([AnswerChange("data", to: "null")])))
        #expect(text(sample.ask("GET", "/groups")) == #"{"data":null,"nextCursor":null}"#)
        sample.world.inject(FaultRule(path: "*", fault: .change([AnswerChange("updatedAt", to: "-1.5")])))
        #expect(text(sample.ask("GET", path)).hasSuffix(#""updatedAt":-1.5}"#))
    }

    @Test("Endless pages each have a new cursor, after the true pages or repeating the first")
    func endlessPages() throws {
        for (list, entries) in [("members", 4), ("groups", 1), ("contacts", 4)] {
            for pages in EndlessPages.allCases {
                for end in EndOfList.allCases {
                    let sample = try sample(.endlessPages(pages), count: nil)
                    sample.world.setBehaviour {
                        $0.endOfList = end
                        $0.membersPerPage = 3
                    }
                    let path = list == "members" ? "\(sample.groupPath)/members" : "/\(list)"
                    var cursors: [String] = []
                    var sizes: [Int] = []
                    for _ in 0..<20 {
                        let cursor = cursors.last?.addingPercentEncoding(withAllowedCharacters: .alphanumerics)
                        let query = cursor.map { "&cursor=\($0)" } ?? ""
                        let page = try sample.ask("GET", "\(path)?limit=200\(query)").decoded(Page<Entry>.self)
                        cursors.append(try #require(page.nextCursor))
                        sizes.append(page.data.count)
                    }
                    #expect(Set(cursors).count == 20, "\(list) \(pages)")
                    let total = sizes.reduce(0, +)
                    switch pages {
                    case .empty: #expect(total == entries && sizes.last == 0, "\(list)")
                    case .repeated: #expect(total == 20 * sizes[0] && sizes[0] == min(entries, 3) || list == "contacts")
                    }
                }
            }
        }
    }

    @Test("A replaced cursor makes a loop if it is the first page's")
    func circle() throws {
        let sample = try sample(.change([AnswerChange("nextCursor", to: #""pg+members/0==""#)]), count: nil)
        let path = "\(sample.groupPath)/members"
        let first = sample.ask("GET", path)
        #expect(try first.decoded(Page<Member>.self).nextCursor == "pg+members/0==")
        #expect(sample.ask("GET", "\(path)?cursor=pg%2Bmembers%2F0%3D%3D").body == first.body)
    }

    @Test("An answer that is not a list does not become endless")
    func noList() throws {
        let sample = try sample(.endlessPages(.repeated), count: 2)
        let answer = sample.ask("GET", sample.groupPath)
        #expect(sample.ask("GET", "/groups/1%40g.us").status == 404)
        #expect(answer.body == sample.ask("GET", sample.groupPath).body)
    }
}

/// An entry of any list.
private struct Entry: Decodable {}
