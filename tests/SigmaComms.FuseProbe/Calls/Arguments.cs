using System.Globalization;

namespace SigmaComms.FuseProbe.Calls;

/// <summary>The words of a line after its first.</summary>
internal sealed class Arguments(string[] words)
{
    public string Text(int index) => words[index + 1];

    public long Number(int index) => long.Parse(words[index + 1], CultureInfo.InvariantCulture);

    public int Int(int index) => (int)Number(index);

    public byte[] Bytes(int index) => Convert.FromHexString(words[index + 1]);
}
