namespace SigmaComms.ConstantTime.Tests.Valgrind;

/// <summary>A branch or an address that depends on poisoned memory.</summary>
/// <param name="Kind">valgrind's word: UninitCondition or UninitValue.</param>
/// <param name="Frames">Compiled methods on the stack, innermost first, without those of the runtime.</param>
internal sealed record Finding(string Kind, IReadOnlyList<string> Frames)
{
    /// <summary>The innermost method of this project.</summary>
    public string Method =>
        Frames.FirstOrDefault(static frame => frame.StartsWith("SigmaComms.", StringComparison.Ordinal)) ?? "";

    public override string ToString() => $"{Kind} in {string.Join(" < ", Frames)}";
}
