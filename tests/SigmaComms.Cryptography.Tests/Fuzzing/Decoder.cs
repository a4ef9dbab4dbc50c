namespace SigmaComms.Cryptography.Tests.Fuzzing;

/// <summary>Something that takes untrusted bytes.</summary>
/// <param name="Name">Its folder in tests/corpora/cryptography.</param>
/// <param name="Rounds">Inputs to try in an ordinary run; few where each takes long.</param>
/// <param name="Examples">Makes valid inputs for the corpus, always the same ones.</param>
/// <param name="Decode">
/// Null if the bytes are refused. Else the bytes that the decoder's own encoder makes of what was read, or the input
/// itself where there is no encoder.
/// </param>
internal sealed record Decoder(
    string Name, int Rounds, Func<IEnumerable<byte[]>> Examples, Func<byte[], byte[]?> Decode)
{
    public override string ToString() => Name;
}
