//! A graph while it is built: every step gives the name of its result, which the next one takes.

use super::messages::{
    AttributeProto, AttributeType, DataType, DimensionProto, Extent, GraphProto, NodeProto,
    TensorProto, TensorShapeProto, TensorTypeProto, TypeProto, ValueInfoProto,
};

/// The operators for machine learning, beside those of the default domain.
pub(super) const ML: &str = "ai.onnx.ml";

/// A graph, its nodes in the order in which they were added.
#[derive(Debug, Default)]
pub(super) struct Graph {
    proto: GraphProto,
}

impl Graph {
    /// Adds an operator; its result has the name `output`.
    pub(super) fn node(
        &mut self,
        op_type: &str,
        inputs: &[&str],
        output: &str,
        attributes: Vec<AttributeProto>,
    ) -> String {
        let node = node(op_type, inputs, vec![output.to_owned()], attributes);
        self.proto.node.push(node);
        output.to_owned()
    }

    /// The same numbers in another type.
    pub(super) fn cast(&mut self, input: &str, to: DataType, output: &str) -> String {
        self.node("Cast", &[input], output, vec![int("to", i64::from(i32::from(to)))])
    }

    /// Divides a tensor of shape `[N, outputs]` into its columns.
    pub(super) fn split(&mut self, input: &str, outputs: Vec<String>) {
        // One column is its own and only part.
        let sizes =
            self.int64s(&format!("{input}/columns"), &[outputs.len()], vec![1; outputs.len()]);
        self.proto.node.push(node("Split", &[input, &sizes], outputs, vec![int("axis", 1)]));
    }

    /// Adds an operator from the domain for machine learning.
    pub(super) fn ml_node(
        &mut self,
        op_type: &str,
        inputs: &[&str],
        output: &str,
        attributes: Vec<AttributeProto>,
    ) -> String {
        let node = node(op_type, inputs, vec![output.to_owned()], attributes);
        self.proto.node.push(NodeProto { domain: ML.to_owned(), ..node });
        output.to_owned()
    }

    /// A row of doubles, of shape `[1, numbers]`.
    pub(super) fn doubles(&mut self, name: &str, numbers: &[f64]) -> String {
        let raw_data = numbers.iter().flat_map(|x| x.to_le_bytes()).collect();
        self.constant(name, DataType::Double, &[1, numbers.len()], raw_data)
    }

    /// One double for all customers.
    pub(super) fn double(&mut self, name: &str, x: f64) -> String {
        self.constant(name, DataType::Double, &[], x.to_le_bytes().to_vec())
    }

    /// Whole numbers; one for all customers if the shape has no dimension.
    pub(super) fn int64s(&mut self, name: &str, shape: &[usize], numbers: Vec<i64>) -> String {
        let raw_data = numbers.into_iter().flat_map(i64::to_le_bytes).collect();
        self.constant(name, DataType::Int64, shape, raw_data)
    }

    fn constant(
        &mut self,
        name: &str,
        kind: DataType,
        shape: &[usize],
        raw_data: Vec<u8>,
    ) -> String {
        self.proto.initializer.push(TensorProto {
            dims: shape.iter().map(|&n| whole(n)).collect(),
            data_type: kind.into(),
            name: name.to_owned(),
            raw_data,
        });
        name.to_owned()
    }

    /// Adds an input with a row a customer.
    pub(super) fn input(&mut self, name: &str, kind: DataType, doc_string: String) {
        self.proto.input.push(value(name, kind, Some(1), doc_string));
    }

    /// Makes a result an output with a row a customer: of so many columns, or none.
    pub(super) fn output(&mut self, name: &str, kind: DataType, columns: Option<usize>, doc: &str) {
        self.proto.output.push(value(name, kind, columns, doc.to_owned()));
    }

    /// The graph.
    pub(super) fn finish(self, name: &str) -> GraphProto {
        GraphProto { name: name.to_owned(), ..self.proto }
    }
}

/// An attribute that is a whole number.
pub(super) fn int(name: &str, i: i64) -> AttributeProto {
    let kind = AttributeType::Int.into();
    AttributeProto { name: name.to_owned(), i: Some(i), kind, ..AttributeProto::default() }
}

/// An attribute that is a list of whole numbers.
pub(super) fn ints(name: &str, ints: Vec<i64>) -> AttributeProto {
    let kind = AttributeType::Ints.into();
    AttributeProto { name: name.to_owned(), ints, kind, ..AttributeProto::default() }
}

/// An attribute that is a list of texts.
pub(super) fn strings(name: &str, texts: Vec<String>) -> AttributeProto {
    let strings = texts.into_iter().map(String::into_bytes).collect();
    let kind = AttributeType::Strings.into();
    AttributeProto { name: name.to_owned(), strings, kind, ..AttributeProto::default() }
}

/// A count or a place as ONNX holds it.
pub(super) fn whole(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn node(
    op_type: &str,
    inputs: &[&str],
    output: Vec<String>,
    attribute: Vec<AttributeProto>,
) -> NodeProto {
    NodeProto {
        input: inputs.iter().map(|&input| input.to_owned()).collect(),
        name: output.first().cloned().unwrap_or_default(),
        output,
        op_type: op_type.to_owned(),
        attribute,
        domain: String::new(),
    }
}

fn value(name: &str, kind: DataType, columns: Option<usize>, doc_string: String) -> ValueInfoProto {
    let rows = DimensionProto { extent: Some(Extent::Named("N".to_owned())) };
    let columns = columns.map(|n| DimensionProto { extent: Some(Extent::Value(whole(n))) });
    let shape = TensorShapeProto { dim: std::iter::once(rows).chain(columns).collect() };
    let tensor = TensorTypeProto { elem_type: kind.into(), shape: Some(shape) };
    ValueInfoProto {
        name: name.to_owned(),
        kind: Some(TypeProto { tensor: Some(tensor) }),
        doc_string,
    }
}
