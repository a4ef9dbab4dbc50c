namespace SigmaComms.Cryptography.Hashing;

/// <summary>Chains that run side by side: what to hash again and again, and from where to where in each lane.</summary>
/// <standard>FIPS 205, algorithm 5 and section 11.2: the block is address, value and padding.</standard>
internal unsafe ref struct Sha256Chain
{
    /// <summary>The last step: a chain has 15.</summary>
    public const uint End = 15;

    /// <summary>8 words of each lane: the hash's state before the block; kept.</summary>
    public uint* State;

    /// <summary>64 words of each lane; the first 5 hold the address, the others are scratch.</summary>
    public uint* Words;

    /// <summary>16 words of each lane.</summary>
    public uint* Scratch;

    /// <summary>The value of each lane; replaced by the chain's end.</summary>
    public uint* Value;

    /// <summary>Receives the value of each lane as it was at the step to keep.</summary>
    public uint* Kept;

    /// <summary>One word of each lane: the step that its value is at, 0 to 15.</summary>
    public uint* Start;

    /// <summary>One word of each lane: the step to keep, 0 to 15; any other keeps nothing.</summary>
    public uint* Keep;

    /// <summary>Words of a value: 4, 6 or 8.</summary>
    public int ValueLength;

    /// <summary>The lowest start of all lanes.</summary>
    public uint From;
}
