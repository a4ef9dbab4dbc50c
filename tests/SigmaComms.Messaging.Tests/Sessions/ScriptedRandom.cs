using SigmaComms.Cryptography.Entropy;

namespace SigmaComms.Messaging.Tests.Sessions;

/// <summary>Gives a known first answer, then another source's: a thief who knows one key, and not the next.</summary>
internal sealed class ScriptedRandom : IRandomSource
{
    private readonly IRandomSource _then;
    private byte[]? _first;

    public ScriptedRandom(byte[] first, IRandomSource then)
    {
        _first = first;
        _then = then;
    }

    public void Fill(Span<byte> destination)
    {
        if (_first is null)
        {
            _then.Fill(destination);
            return;
        }

        _first.CopyTo(destination);
        _first = null;
    }
}
