using System.Text;
using SigmaComms.Client.Agent;
using SigmaComms.Node.Agents;

namespace SigmaComms.Node.Tests.Agents;

public sealed class ReceivedItemTests
{
    private const string Id = "00112233445566778899aabbccddeeff";

    [Theory]
    [InlineData("report.pdf")]
    [InlineData("no extension")]
    [InlineData(".hidden")]
    public void An_ordinary_name_is_kept_behind_the_id_of_the_message(string name)
    {
        Assert.Equal($"{Id}-{name}", NameOf(name));
    }

    [Theory]
    [InlineData('x')]
    [InlineData('\u00e9')]
    public void A_name_as_long_as_the_sender_may_make_it_fits_into_a_folder_with_its_extension(char letter)
    {
        string stem = new(letter, (255 - 4) / Encoding.UTF8.GetByteCount([letter]));

        string name = NameOf(stem + ".pdf");

        Assert.InRange(Encoding.UTF8.GetByteCount(name), 200, 255);
        Assert.StartsWith($"{Id}-{letter}", name, StringComparison.Ordinal);
        Assert.EndsWith($"{letter}.pdf", name, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_name_is_not_cut_within_a_character()
    {
        string name = NameOf(string.Concat(Enumerable.Repeat("\U0001F4C4", 63)));

        Assert.DoesNotContain('\uFFFD', Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(name)));
    }

    private static string NameOf(string fileName) =>
        ReceivedItem.FileNameOf(new AgentReply { MessageId = Id, FileName = fileName });
}
