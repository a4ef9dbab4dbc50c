using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Kdf;
using SigmaComms.Vault.Scatter;
using SigmaComms.Vault.Transactions;

namespace SigmaComms.Client.Vaults;

/// <summary>What a vault client works with.</summary>
public sealed class VaultClientOptions
{
    /// <summary>Whose vaults; not disposed with the client.</summary>
    public required VaultIdentity Identity { get; set; }

    /// <summary>Which vaults there are.</summary>
    public required IVaultDirectory Directory { get; set; }

    /// <summary>The vaults' logs, as this device writes to them.</summary>
    public required ICommandLog Log { get; set; }

    /// <summary>Whether the log showed something that is perhaps not the newest. Default: never.</summary>
    public Func<bool> IsLogBehind { get; set; } = static () => false;

    /// <summary>The storage nodes.</summary>
    public required StorageNetwork Storage { get; set; }

    /// <summary>The clock. Default: the system's.</summary>
    public TimeProvider Time { get; set; } = TimeProvider.System;

    /// <summary>Randomness. Default: the system's.</summary>
    public IRandomSource Random { get; set; } = SystemRandom.Instance;

    /// <summary>Bounds of transfers.</summary>
    public ScatterOptions Scatter { get; set; } = new() { WindowBytes = 32L << 20 };

    /// <summary>What one guess of a passphrase costs. Default 64 MiB, 3 passes.</summary>
    public Argon2Cost Cost { get; set; } = Argon2Cost.Interactive;

    /// <summary>
    /// How many small files are transferred at once, at least 1, if the window has room for them. Default 128.
    /// </summary>
    public int FilesAtOnce { get; set; } = 128;

    /// <summary>How often a log that gives no answer is asked again before a commit is given up. Default 5.</summary>
    public int LogAttempts { get; set; } = 5;

    /// <summary>The pause before a log is asked again, doubled each time. Default 200 ms.</summary>
    public TimeSpan LogPause { get; set; } = TimeSpan.FromMilliseconds(200);
}
