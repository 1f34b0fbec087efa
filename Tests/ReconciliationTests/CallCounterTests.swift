import Core
import GatewayAPI
import Synchronization
import Testing

@testable import Reconciliation

@Suite("The estimated end of a run") struct CallCounterTests {
    /// A clock that the test moves, and a record of the reported progress.
    private final class Watch: TimeSource, ProgressReporting {
        private let milliseconds = Atomic<Int64>(1_795_435_200_000)
        private let ends = Mutex<[Timestamp?]>([])

        func now() -> Timestamp { Timestamp(milliseconds: milliseconds.load(ordering: .relaxed)) }

        func sleep(for duration: Duration) async throws { pass(duration.milliseconds) }

        func pass(_ milliseconds: Int64) { self.milliseconds.wrappingAdd(milliseconds, ordering: .relaxed) }

        func report(_ progress: Progress) {
            guard case .applying(_, _, let endsAt, _) = progress else { return }
            ends.withLock { $0.append(endsAt) }
        }

        /// Milliseconds until the last reported end; nil if none was reported.
        var left: Int64? { ends.withLock { $0.last ?? nil }.map { $0.milliseconds - now().milliseconds } }
    }

    private func share(_ adds: [UInt64], allowed: Int = .max, pace: Pace) throws -> CallCounter.Share {
        var scene = try Scene()
        try scene.want([1], as: .admin)
        try scene.want(adds)
        let plan = try scene.plan()
        #expect(plan.steps.count == adds.count)
        return CallCounter.Share([(plan, min(allowed, adds.count))], pace: pace)
    }

    private let pace = Pace()

    @Test("The estimate uses the pace of the slowest session, with its jitter") func byPace() throws {
        let watch = Watch()
        let shares = [try share([5, 6], pace: pace), try share([5, 6, 7, 8], pace: pace)]
        let counter = CallCounter(shares, deadline: nil, time: watch, progress: watch)
        counter.begin("Choir")
        #expect(watch.left == 15_000)
        counter.count(1, ofSession: 1)
        #expect(watch.left == 11_250)
    }

    @Test("The estimate comes nearer during a pause") func pause() throws {
        let watch = Watch()
        let counter = CallCounter([try share([5, 6], pace: pace)], deadline: nil, time: watch, progress: watch)
        watch.pass(1_000)
        counter.report()
        #expect(watch.left == 6_500)
    }

    @Test("The estimate is later if calls took longer than the pace") func slowCalls() throws {
        let watch = Watch()
        let counter = CallCounter([try share([5, 6, 7], pace: pace)], deadline: nil, time: watch, progress: watch)
        watch.pass(10_000)
        counter.count(1, ofSession: 0)
        #expect(watch.left == 20_000)
    }

    @Test("The estimate is nearer if one call adds several people, and if only the first are allowed") func fewerCalls()
        throws
    {
        var pace = pace
        pace.addsPerCall = 2
        for (allowed, calls) in [(5, 3), (4, 2), (1, 1)] as [(Int, Int64)] {
            let watch = Watch()
            let shares = [try share([5, 6, 7, 8, 9], allowed: allowed, pace: pace)]
            CallCounter(shares, deadline: nil, time: watch, progress: watch).report()
            #expect(watch.left == calls * 3_750)
        }
    }

    @Test("The estimate is never later than the deadline") func deadline() throws {
        let watch = Watch()
        let deadline = watch.now().advanced(byMilliseconds: 5_000)
        CallCounter([try share([5, 6], pace: pace)], deadline: deadline, time: watch, progress: watch).report()
        #expect(watch.left == 5_000)
    }

    @Test("Without a pace, there is no estimate before the first call") func withoutPace() throws {
        var unpaced = pace
        unpaced.callsPerMinute = 0
        let watch = Watch()
        let counter = CallCounter(
            [try share([5, 6, 7], pace: unpaced)], deadline: nil, time: watch, progress: watch)
        counter.begin("Choir")
        #expect(watch.left == nil)
        watch.pass(500)
        counter.count(1, ofSession: 0)
        #expect(watch.left == 1_000)
    }
}
