namespace SigmaComms.Cryptography.Tests;

public sealed class InvariantTests
{
    [Fact]
    public void A_fact_that_holds_does_nothing_and_one_that_does_not_says_what_was_broken()
    {
        int height = 3;
        Invariant.Holds(height == 3);

        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => Invariant.Holds(height > 3));

        Assert.Contains("height > 3", error.Message, StringComparison.Ordinal);
    }
}
