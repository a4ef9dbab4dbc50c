namespace SigmaComms.ConstantTime.Tests.Probing;

/// <summary>An operation with a secret.</summary>
/// <param name="Name">Algorithm and operation.</param>
/// <param name="SecretSize">Size of the secret input in bytes.</param>
/// <param name="OutputSize">Size of the output in bytes.</param>
/// <param name="Work">Computes the output from the secret.</param>
internal sealed record Probe(string Name, int SecretSize, int OutputSize, ProbeWork Work)
{
    /// <summary>Runs it with a poisoned secret.</summary>
    /// <returns>Whether the output depends on the secret: if not, the probe shows nothing.</returns>
    public bool Run(Memcheck memcheck)
    {
        byte[] secret = GC.AllocateArray<byte>(SecretSize, pinned: true);
        byte[] output = GC.AllocateArray<byte>(OutputSize, pinned: true);
        for (int i = 0; i < secret.Length; i++)
        {
            secret[i] = unchecked((byte)((i * 167) + 13));
        }

        memcheck.Poison(secret);
        Work(secret, output);
        bool poisoned = memcheck.IsPoisoned(output);
        memcheck.Declassify(secret);
        memcheck.Declassify(output);
        return poisoned;
    }
}
