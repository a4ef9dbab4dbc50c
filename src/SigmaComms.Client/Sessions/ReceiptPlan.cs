namespace SigmaComms.Client.Sessions;

/// <summary>
/// When to tell the peer what is here although nothing new is: after a repeat, after something that could not be
/// opened, and while a gap stays. Anybody who can replay a ciphertext provokes the first two, so each one that changes
/// nothing doubles the wait for the next. Not durable.
/// </summary>
internal sealed class ReceiptPlan
{
    /// <summary>How long a gap may close by itself before it is told: 2 s.</summary>
    public const long GapPatienceMs = 2_000;

    /// <summary>The shortest time between two such receipts: 5 s.</summary>
    public const long PauseFirstMs = 5_000;

    /// <summary>The longest: an hour.</summary>
    public const long PauseLastMs = 60 * 60 * 1000;

    /// <summary>After so many in vain the session itself is in doubt.</summary>
    public const int DoubtAfter = 3;

    private long? _gapSinceMs;
    private long _lastMs;
    private int _inVain;
    private bool _repeated;
    private bool _overflowed;

    /// <summary>Whether something could not be opened since the last receipt.</summary>
    public bool Asks { get; private set; }

    /// <summary>
    /// Whether what comes is useless time after time: the two sides do not understand each other in this session.
    /// </summary>
    public bool IsInDoubt => _inVain >= DoubtAfter && (Asks || _repeated);

    /// <summary>When the next such receipt is due; null for none.</summary>
    public long? DueUnixMs
    {
        get
        {
            long pauseMs = _inVain == 0 ? 0 : Math.Min(PauseFirstMs << Math.Min(_inVain - 1, 16), PauseLastMs);
            long? gap = _gapSinceMs is null ? null : Math.Max(_gapSinceMs.Value + GapPatienceMs, _lastMs + pauseMs);
            return Asks || _repeated ? _lastMs + pauseMs : gap;
        }
    }

    /// <summary>Something came that was here before.</summary>
    public void Repeated() => _repeated = true;

    /// <summary>Something came that could not be opened.</summary>
    public void Unopened() => Asks = true;

    /// <summary>Something came for which there is no room before a gap is filled.</summary>
    public void Overflowed() => _overflowed = true;

    /// <summary>Something came that was missing.</summary>
    /// <param name="unixMs">The time.</param>
    /// <param name="gapStays">Whether something is still missing before what is here.</param>
    public void Advanced(long unixMs, bool gapStays)
    {
        _inVain = 0;
        _gapSinceMs = gapStays ? unixMs : null;
        Asks |= _overflowed;
        _overflowed = false;
    }

    /// <summary>Something came for which an earlier one is missing.</summary>
    public void GapSeen(long unixMs) => _gapSinceMs ??= unixMs;

    /// <summary>The peer is told everything. Also for an ordinary message, which tells less.</summary>
    /// <param name="unixMs">The time.</param>
    /// <param name="isReceipt">Whether it is a receipt, with the report.</param>
    public void Told(long unixMs, bool isReceipt)
    {
        bool wasDue = DueUnixMs <= unixMs;
        _repeated = false;
        if (!isReceipt)
        {
            return;
        }

        Asks = false;
        if (wasDue)
        {
            // What is long ago says nothing about now.
            bool isLongAgo = unixMs - _lastMs > 2 * PauseLastMs;
            _inVain = isLongAgo ? 1 : _inVain + 1;
            _lastMs = unixMs;
        }
    }
}
