import CHeap

/// How the C library keeps memory between uses.
enum HeapSettings {
    /// Has it keep what is freed, up to 128 MB, and ask the system for more of it at a time.
    ///
    /// Rosters come and go by the thousand. Given back and asked for again, each page of them is filled with zeros by the system, which takes
    /// a twelfth of a plan's time.
    static func keepWhatIsFreed() {
        // Each is a hint: where it is not taken, everything works as without it.
        mallopt(M_TRIM_THRESHOLD, 128 << 20)
        mallopt(M_TOP_PAD, 4 << 20)
        // Up to this size, blocks are taken from what is kept.
        mallopt(M_MMAP_THRESHOLD, 4 << 20)
    }
}
