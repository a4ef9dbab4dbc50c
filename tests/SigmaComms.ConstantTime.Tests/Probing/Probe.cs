namespace SigmaComms.ConstantTime.Tests.Probing;

/// <summary>An operation with a secret.</summary>
/// <param name="Name">Algorithm and operation.</param>
/// <param name="Secret">The secret input; what is public in a key stays with the work.</param>
/// <param name="OutputSize">Size of the output in bytes.</param>
/// <param name="Work">Computes the output from the secret.</param>
internal sealed record Probe(string Name, byte[] Secret, int OutputSize, ProbeWork Work)
{
    /// <summary>An operation that takes any bytes as a secret.</summary>
    public Probe(string name, int secretSize, int outputSize, ProbeWork work)
        : this(name, AnySecret(secretSize), outputSize, work)
    {
    }

    /// <summary>Bytes that differ.</summary>
    public static byte[] AnySecret(int size) =>
        [.. Enumerable.Range(0, size).Select(static i => unchecked((byte)((i * 167) + 13)))];

    /// <summary>Runs it with a poisoned secret.</summary>
    /// <returns>Whether the output depends on the secret: if not, the probe shows nothing.</returns>
    public bool Run(Memcheck memcheck)
    {
        byte[] secret = GC.AllocateArray<byte>(Secret.Length, pinned: true);
        byte[] output = GC.AllocateArray<byte>(OutputSize, pinned: true);
        Secret.CopyTo(secret, 0);
        memcheck.Poison(secret);
        Work(secret, output, memcheck);
        bool poisoned = memcheck.IsPoisoned(output);
        memcheck.Declassify(secret);
        memcheck.Declassify(output);
        return poisoned;
    }
}
