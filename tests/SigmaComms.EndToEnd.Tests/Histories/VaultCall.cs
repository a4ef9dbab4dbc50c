namespace SigmaComms.EndToEnd.Tests.Histories;

/// <summary>What a client asks of a vault.</summary>
/// <param name="Writer">Who appends, from 0; -1: it is read.</param>
/// <param name="Number">The number of the entry among its writer's.</param>
/// <param name="Entry">What is appended; each entry is another one.</param>
internal sealed record VaultCall(int Writer, ulong Number, ulong Entry)
{
    public static VaultCall Read { get; } = new(-1, 0, 0);

    public bool IsRead => Writer < 0;
}
