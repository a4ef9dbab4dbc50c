using System.Net;
using System.Net.Sockets;
using System.Text;
using SigmaComms.EndToEnd.Tests.Clusters;
using SigmaComms.EndToEnd.Tests.Processes;

namespace SigmaComms.EndToEnd.Tests;

[Collection(ClusterCollection.Name)]
public sealed class CaptureTests(RunningCluster cluster)
{
    /// <summary>Without this, a capture that sees nothing would prove the wire clean.</summary>
    [CaptureFact]
    public async Task The_capture_sees_what_crosses_the_loopback_in_clear()
    {
        byte[] marker = Encoding.ASCII.GetBytes($"marker-{Guid.NewGuid():N}");
        await using LoopbackCapture capture = new();
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        using TcpClient sender = new();
        await sender.ConnectAsync((IPEndPoint)listener.LocalEndpoint);
        using TcpClient receiver = await listener.AcceptTcpClientAsync();

        await sender.GetStream().WriteAsync(marker);
        await receiver.GetStream().ReadExactlyAsync(new byte[marker.Length]);

        byte[] seen = await capture.StopAsync();
        Assert.True(seen.AsSpan().IndexOf(marker) >= 0, $"{seen.Length} bytes seen, not the marker");
    }

    [CaptureFact]
    public async Task What_crosses_the_wire_holds_neither_plaintext_nor_key_material()
    {
        Account alpha = await cluster.NewAccountAsync("alpha");
        Account beta = await cluster.NewAccountAsync("beta");
        string marker = $"plain-{Guid.NewGuid():N}";
        string file = Path.Combine(alpha.Home, marker + ".txt");
        await File.WriteAllTextAsync(file, string.Concat(Enumerable.Repeat(marker, 10_000)));
        await using LoopbackCapture capture = new();

        await using (Agent atAlpha = await alpha.StartAgentAsync("n1"))
        await using (Agent atBeta = await beta.StartAgentAsync("n2"))
        {
            await atAlpha.SendAsync(beta.Name, marker);
            await atBeta.SendAsync(alpha.Name, marker);
            await atAlpha.SendFileAsync(beta.Name, file);
            Assert.Equal([marker], atBeta.ReceiveTexts(1));
            Assert.Equal(await File.ReadAllTextAsync(file), await File.ReadAllTextAsync(atBeta.ReceiveFile()));
        }

        byte[] seen = await capture.StopAsync();
        Assert.True(seen.Length > 400_000, $"only {seen.Length} bytes seen");
        foreach ((string name, byte[] secret) in Secrets(marker))
        {
            Assert.True(seen.AsSpan().IndexOf(secret) < 0, $"{name} crossed the wire");
        }
    }

    private IEnumerable<(string Name, byte[] Secret)> Secrets(string marker)
    {
        yield return ("the plaintext", Encoding.UTF8.GetBytes(marker));
        yield return ("the plaintext in UTF-16", Encoding.Unicode.GetBytes(marker));
        yield return ("the plaintext in base64", Encoding.ASCII.GetBytes(
            Convert.ToBase64String(Encoding.UTF8.GetBytes(marker))[..32]));
        yield return ("the password", Encoding.UTF8.GetBytes("correct horse"));
        yield return ("the operator's key", File.ReadAllBytes(Path.Combine(cluster.Home, "operator.key")));
        foreach (string node in new[] { "n1", "n2", "n3", "n4" })
        {
            yield return ($"the key of {node}", File.ReadAllBytes(Path.Combine(cluster.NodeFolder(node), "node.key")));
        }
    }
}
