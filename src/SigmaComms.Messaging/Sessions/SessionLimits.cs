namespace SigmaComms.Messaging.Sessions;

/// <summary>Every limit of a session, by name.</summary>
public static class SessionLimits
{
    /// <summary>Keys kept for messages that have not come yet: 2,000 per session; the oldest go first.</summary>
    public const int SkippedKeysMax = 2_000;

    /// <summary>Messages that one message may skip over: 25,000, counted over the old and the new chain.</summary>
    public const int JumpMax = 25_000;

    /// <summary>Messages that one message may skip over in the pause after a failed longer jump: 2,000.</summary>
    public const int NearJumpMax = 2_000;

    /// <summary>Newest receiving chains that are kept whatever has come of them, the current one included: 5.</summary>
    public const int ReceivingChainsMax = 5;

    /// <summary>
    /// Receiving chains in all, with older ones of which a message is missing: 128; then the oldest goes, with the keys
    /// of the messages that have not come.
    /// </summary>
    public const int WaitingChainsMax = 128;

    /// <summary>Older chains of which only the mark is kept, to tell a late message from a forged one: 64.</summary>
    public const int RetiredChainsMax = 64;

    /// <summary>Sessions kept to open late messages, beside the current one: 40; the oldest go first.</summary>
    public const int ArchivedSessionsMax = 40;

    /// <summary>Messages, both ways, after which a party's next turn renews the post-quantum keys: 20.</summary>
    public const int EpochMessages = 20;

    /// <summary>Longest plaintext: 60 KiB of text and 512 bytes for what the application puts around it.</summary>
    public const int PlaintextMaxBytes = (60 * 1024) + 512;

    /// <summary>No sealed message is longer: 72 KiB, what a mailbox takes.</summary>
    public const int MessageMaxBytes = 72 * 1024;

    /// <summary>Unused one-time bundles whose private halves a ring holds: 1,000; the oldest go first.</summary>
    public const int OneTimePrekeysMax = 1_000;

    /// <summary>Signed prekeys, and last-resort keys, that a ring holds: 16 of each; the oldest go first.</summary>
    public const int RotatedPrekeysMax = 16;

    /// <summary>Uses of one last-resort key that are remembered: 10,000. Then it takes no more sessions.</summary>
    public const int LastResortUsesMax = 10_000;

    /// <summary>
    /// How long after a failed jump over more than <see cref="NearJumpMax"/> messages the next such jump is refused,
    /// unless a message opens: 60 s.
    /// </summary>
    public static TimeSpan FarJumpPause { get; } = TimeSpan.FromSeconds(60);

    /// <summary>How long an unanswered session is used for sending: 30 days.</summary>
    public static TimeSpan InitSentLifetime { get; } = TimeSpan.FromDays(30);

    /// <summary>Time after which a party's next turn renews the post-quantum keys: 60 s.</summary>
    public static TimeSpan EpochAge { get; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a signed prekey and a last-resort key are put into new bundles: 7 days.</summary>
    public static TimeSpan PrekeyRotation { get; } = TimeSpan.FromDays(7);

    /// <summary>How long a bundle may be used to start a session: 30 days.</summary>
    public static TimeSpan BundleLifetime { get; } = TimeSpan.FromDays(30);

    /// <summary>How long private prekeys outlive their bundle, for messages that wait in a mailbox: 30 days.</summary>
    public static TimeSpan PrekeyRetention { get; } = TimeSpan.FromDays(30);
}
