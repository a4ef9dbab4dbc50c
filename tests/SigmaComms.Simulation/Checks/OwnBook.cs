using SigmaComms.Cryptography;

namespace SigmaComms.Simulation.Checks;

/// <summary>What one key of one life said of one view.</summary>
internal sealed class OwnBook
{
    public Digest? Proposed { get; set; }

    public Digest? Notarized { get; set; }

    public Digest? Finalized { get; set; }

    public bool IsNullified { get; set; }
}
