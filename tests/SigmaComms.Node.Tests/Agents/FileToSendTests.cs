using SigmaComms.Node.Agents;
using SigmaComms.Node.Terminal;
using SigmaComms.Node.Tests.Configuration;
using SigmaComms.Node.Tests.Terminal;

namespace SigmaComms.Node.Tests.Agents;

public sealed class FileToSendTests
{
    [Fact]
    public void An_ordinary_file_is_taken_also_an_empty_one()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["full"], "text");
        File.WriteAllText(folder["empty"], "");

        Assert.Equal(folder["full"], FileToSend.Find(folder["full"]));
        Assert.Equal(folder["empty"], FileToSend.Find(folder["empty"]));
    }

    [PipeFact]
    public void Devices_and_what_the_kernel_makes_up_are_refused()
    {
        foreach (string path in new[] { "/dev/zero", "/proc/self/mem", "/proc/self/status" })
        {
            CommandException fault = Assert.Throws<CommandException>(() => FileToSend.Find(path));

            Assert.Contains(path, fault.Why, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_file_that_is_not_there_is_not_found() =>
        Assert.Equal(
            ExitCode.NotFound, Assert.Throws<CommandException>(() => FileToSend.Find("/no/such/file")).ExitCode);
}
