import Core
import Testing

@testable import Reconciliation

@Suite("Slots", .timeLimit(.minutes(5)))
struct AsyncSemaphoreTests {
    private struct Failed: Error {}

    @Test(
        "There are never more slots than allowed, and everyone waiting gets a turn, whatever happens to others",
        arguments: [0, 1, 3])
    func bound(count: Int) async {
        let slots = AsyncSemaphore(count)
        let seen = Guarded((now: 0, most: 0, done: 0))
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<200 {
                group.addTask {
                    do {
                        try await slots.withSlot { () throws(Failed) in
                            seen.withLock {
                                $0.now += 1
                                $0.most = max($0.most, $0.now)
                            }
                            await Task.yield()
                            seen.withLock {
                                $0.now -= 1
                                $0.done += 1
                            }
                            if number.isMultiple(of: 3) { throw Failed() }
                        }
                        #expect(!number.isMultiple(of: 3))
                    } catch {
                        #expect(number.isMultiple(of: 3))
                    }
                }
            }
        }
        let (now, most, done) = seen.withLock { $0 }
        #expect(now == 0 && done == 200)
        #expect((1...max(1, count)).contains(most))
    }
}
