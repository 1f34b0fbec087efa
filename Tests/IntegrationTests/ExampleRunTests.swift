import Testing

@Suite("Examples over real HTTP") struct ExampleRunTests {
    @Test("The examples are valid", arguments: ["school", "organisation"]) func valid(example: String) async throws {
        let result = try await Town(copyOf: example).rollcall(Town.nowhere, token: nil).run("validate")
        #expect(result.code == 0)
        #expect(result.errors.isEmpty)
        #expect(result.output.hasPrefix("valid: "))
        #expect(result.output.split(separator: "\n").count == 1)
    }

    @Test("The school matches its policy after one apply") func school() async throws {
        let town = try Town(copyOf: "school")
        try await town.served { simulator in
            let rollcall = town.rollcall(simulator.url, token: "wa_school_demo")
            let plan = try await rollcall.run("plan", "--detailed-exitcode")
            #expect(plan.code == 2)
            #expect(plan.output.contains("Plan: 5 to add, 3 to promote, 1 to demote, 3 to remove in 4 of 4 groups"))
            #expect(try await simulator.mutations().isEmpty)

            let applied = try await rollcall.run("apply", "--yes")
            #expect(applied.code == 0)
            #expect(applied.output.contains("Done: 5 added, 3 promoted, 1 demoted, 3 removed"))
            #expect(try await simulator.mutations().map(\.status) == Array(repeating: 204, count: 12))

            let again = try await rollcall.run("plan", "--detailed-exitcode")
            #expect(again.code == 0)
            #expect(again.output.contains("Nothing to change now. 3 of 4 groups match the policy"))
            #expect([plan, applied, again].allSatisfy { $0.errors.isEmpty })
        }
    }

    @Test("A read-only token plans the school, and cannot change it") func readOnly() async throws {
        let town = try Town(copyOf: "school")
        try await town.served { simulator in
            let rollcall = town.rollcall(simulator.url, token: "wa_school_readonly")
            let plan = try await rollcall.run("plan")
            #expect(plan.code == 4)
            #expect(plan.output.contains("give the token the permission `manage`"))
            let applied = try await rollcall.run("apply", "--yes")
            #expect(applied.code == 3)
            #expect(applied.output.contains("give the token the permission `send`"))
            #expect(try await simulator.mutations().allSatisfy { $0.status == 403 })
        }
    }

    @Test("The organisation ends incomplete: one declines, one is not on WhatsApp, and later runs block both")
    func organisation() async throws {
        let town = try Town(copyOf: "organisation")
        try await town.served { simulator in
            let rollcall = town.rollcall(simulator.url, token: "wa_harbour_demo")
            let plan = try await rollcall.run("plan", "--detailed-exitcode")
            #expect(plan.code == 2)
            #expect(plan.output.contains(#/sally_birch +not on WhatsApp/#))
            let applied = try await rollcall.run("apply", "--yes")
            #expect(applied.code == 3)
            #expect(applied.output.contains("Done: 9 added, 1 promoted, 2 demoted, 4 removed"))
            let declined = applied.output.split(separator: "\n").filter { $0.contains("  declined  ") }
            #expect(declined.map { $0.contains("harriet_lowe") } == [true])

            let again = try await rollcall.run("plan", "--detailed-exitcode", "--invite-links")
            #expect(again.code == 0)
            #expect(again.output.contains(#/harriet_lowe +declined/#))
            #expect(again.output.contains("~ invite   https://chat.whatsapp.com/"))
        }
    }
}
