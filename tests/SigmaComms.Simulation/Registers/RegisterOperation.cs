using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Simulation.Registers;

/// <summary>An operation on one register.</summary>
/// <param name="Action">What.</param>
/// <param name="Register">On which.</param>
/// <param name="Value">What is written or added.</param>
/// <param name="Expected">What a compare-and-set expects.</param>
internal readonly record struct RegisterOperation(RegisterAction Action, byte Register, ulong Value, ulong Expected = 0)
{
    /// <summary>Does it.</summary>
    /// <returns>The register afterwards, and the reply.</returns>
    public (ulong After, ulong Reply) Apply(ulong before) => Action switch
    {
        RegisterAction.Read => (before, before),
        RegisterAction.Write => (Value, 0UL),
        RegisterAction.Add => (unchecked(before + Value), unchecked(before + Value)),
        _ => before == Expected ? (Value, 1UL) : (before, 0UL),
    };

    public byte[] Encode() =>
        new WireWriter(18).U8((byte)Action).U8(Register).U64(Value).U64(Expected).ToArray();

    public static bool TryDecode(ReadOnlySpan<byte> bytes, out RegisterOperation operation)
    {
        var reader = new WireReader(bytes);
        operation = new RegisterOperation((RegisterAction)reader.U8(), reader.U8(), reader.U64(), reader.U64());
        return reader.AtEnd && operation.Action is >= RegisterAction.Read and <= RegisterAction.CompareAndSet;
    }

    public override string ToString() => Action switch
    {
        RegisterAction.Read => $"read r{Register}",
        RegisterAction.Write => $"write r{Register} {Value}",
        RegisterAction.Add => $"add r{Register} {Value}",
        _ => $"set r{Register} {Value} if {Expected}",
    };
}
