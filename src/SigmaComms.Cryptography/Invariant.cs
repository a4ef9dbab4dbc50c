using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace SigmaComms.Cryptography;

/// <summary>Facts that only a bug can make false; checked in release builds too.</summary>
public static class Invariant
{
    /// <summary>Throws if the condition is false, so that the owner dies and recovers from its log.</summary>
    /// <param name="condition">The fact that must hold.</param>
    /// <param name="expression">The condition's source text, filled in by the compiler.</param>
    /// <exception cref="InvalidOperationException">The condition is false.</exception>
    public static void Holds(
        [DoesNotReturnIf(false)] bool condition,
        [CallerArgumentExpression(nameof(condition))] string expression = "")
    {
        if (!condition)
        {
            throw new InvalidOperationException($"Invariant broken: {expression}");
        }
    }
}
