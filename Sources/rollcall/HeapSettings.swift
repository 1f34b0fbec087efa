import CHeap

/// Settings for the C library's heap.
enum HeapSettings {
    /// Keeps up to 128 MB of freed memory, and requests memory in larger pieces.
    ///
    /// A plan allocates and frees thousands of rosters. If freed pages went back to the system, it would fill them with
    /// zeros at each new request, which takes a twelfth of a plan's time.
    static func keepWhatIsFreed() {
        // Each call is a hint; if it fails, everything still works.
        mallopt(M_TRIM_THRESHOLD, 128 << 20)
        mallopt(M_TOP_PAD, 4 << 20)
        // Blocks up to this size come from the kept memory.
        mallopt(M_MMAP_THRESHOLD, 4 << 20)
    }
}
