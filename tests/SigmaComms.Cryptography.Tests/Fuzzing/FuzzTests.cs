using Xunit.Abstractions;

namespace SigmaComms.Cryptography.Tests.Fuzzing;

/// <summary>
/// Broken inputs by the thousand for every decoder: none throws, and what is accepted is what the encoder would write.
/// With SIGMA_LONG_TESTS=1 two hundred times as many.
/// </summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private static readonly int Factor = Environment.GetEnvironmentVariable("SIGMA_LONG_TESTS") == "1" ? 200 : 1;

    public static TheoryData<string> Names => [.. DecoderList.All.Select(static decoder => decoder.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Valid_entries_of_the_corpus_are_accepted_as_they_stand_and_broken_ones_refused(string name)
    {
        Decoder decoder = Find(name);

        IReadOnlyList<byte[]> corpus = Corpus.Valid(decoder);

        Assert.NotEmpty(corpus);
        Assert.All(corpus, entry => Assert.Equal(entry, decoder.Decode([.. entry])));
        Assert.All(Corpus.Broken(decoder), entry => Assert.Null(Decode(decoder, entry)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Broken_inputs_never_throw_and_what_is_accepted_is_canonical(string name)
    {
        Decoder decoder = Find(name);
        ulong seed = (ulong)name.Sum(static c => c) + (ulong)Factor;
        Mutator mutator = new(seed, Corpus.All(decoder));
        output.WriteLine($"seed {seed}");
        int accepted = 0;

        for (int i = 0; i < decoder.Rounds * Factor; i++)
        {
            byte[] input = mutator.Next();
            byte[]? again = Decode(decoder, input);
            Assert.True(again is null || again.AsSpan().SequenceEqual(input), $"not canonical: {Hex(input)}");
            accepted += again is null ? 0 : 1;
        }

        output.WriteLine($"{accepted} of {decoder.Rounds * Factor} accepted");
    }

    private static Decoder Find(string name) => DecoderList.All.Single(decoder => decoder.Name == name);

    private static byte[]? Decode(Decoder decoder, byte[] input)
    {
        try
        {
            return decoder.Decode([.. input]);
        }
        catch (Exception fault)
        {
            throw new InvalidOperationException($"{decoder.Name} throws on {Hex(input)}", fault);
        }
    }

    private static string Hex(byte[] input) => Convert.ToHexString(input);
}
