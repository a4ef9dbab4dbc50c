using SigmaComms.Messaging.KeyDirectory;

namespace SigmaComms.Messaging.Tests.KeyDirectory;

public sealed class AccountNameTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("alpha-2_x")]
    [InlineData("00000000000000000000000000000032")]
    public void Names_of_1_to_32_allowed_characters_are_taken(string text)
    {
        Assert.True(AccountName.TryParse(text, out AccountName? name));

        Assert.Equal(text, name.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Alpha")]
    [InlineData("al pha")]
    [InlineData("älpha")]
    [InlineData("alpha\0")]
    [InlineData("000000000000000000000000000000033")]
    public void Everything_else_is_refused(string? text)
    {
        Assert.False(AccountName.TryParse(text, out AccountName? name));

        Assert.Null(name);
    }
}
