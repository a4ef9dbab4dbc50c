using System.Text.Json;

namespace SigmaComms.Cryptography.Tests.Vectors;

/// <summary>One test case: the group it is in, what is asked, and what is expected.</summary>
internal sealed record VectorCase(JsonElement Group, JsonElement Prompt, JsonElement Expected)
{
    /// <summary>The parameter set that the group names.</summary>
    public string ParameterSet => Group.GetProperty("parameterSet").GetString()!;

    /// <summary>The number of the case in its file, for messages.</summary>
    public int Id => Prompt.GetProperty("tcId").GetInt32();

    /// <summary>All cases of an ACVP folder, each joined with its expected result.</summary>
    public static List<VectorCase> ReadAcvp(string folder)
    {
        JsonElement prompt = VectorFolder.Read($"acvp/{folder}/prompt.json.gz");
        JsonElement expected = VectorFolder.Read($"acvp/{folder}/expectedResults.json.gz");
        Dictionary<int, JsonElement> results = expected.GetProperty("testGroups").EnumerateArray()
            .SelectMany(group => group.GetProperty("tests").EnumerateArray())
            .ToDictionary(test => test.GetProperty("tcId").GetInt32());
        return prompt.GetProperty("testGroups").EnumerateArray()
            .SelectMany(group => group.GetProperty("tests").EnumerateArray()
                .Select(test => new VectorCase(group, test, results[test.GetProperty("tcId").GetInt32()])))
            .ToList();
    }

    /// <summary>All cases of a Wycheproof file, checked against the count that the file states.</summary>
    public static List<VectorCase> ReadWycheproof(string file)
    {
        JsonElement root = VectorFolder.Read($"wycheproof/{file}_test.json.gz");
        List<VectorCase> cases = root.GetProperty("testGroups").EnumerateArray()
            .SelectMany(group => group.GetProperty("tests").EnumerateArray()
                .Select(test => new VectorCase(group, test, test)))
            .ToList();
        Assert.Equal(root.GetProperty("numberOfTests").GetInt32(), cases.Count);
        return cases;
    }

    /// <summary>The group's text, or empty.</summary>
    public string GroupText(string name) =>
        Group.TryGetProperty(name, out JsonElement value) ? value.GetString()! : string.Empty;

    /// <summary>The group's flag, or false.</summary>
    public bool GroupFlag(string name) => Group.TryGetProperty(name, out JsonElement value) && value.GetBoolean();

    /// <summary>The question's text.</summary>
    public string Text(string name) => Prompt.GetProperty(name).GetString()!;

    /// <summary>The question's number.</summary>
    public int Number(string name) => Prompt.GetProperty(name).GetInt32();

    /// <summary>The question's bytes, or none.</summary>
    public byte[] Bytes(string name) =>
        Prompt.TryGetProperty(name, out JsonElement value) ? Convert.FromHexString(value.GetString()!) : [];

    /// <summary>The answer's bytes.</summary>
    public byte[] ExpectedBytes(string name) => Convert.FromHexString(Expected.GetProperty(name).GetString()!);

    /// <summary>The answer's flag.</summary>
    public bool ExpectedFlag(string name) => Expected.GetProperty(name).GetBoolean();
}
